// Which trainings continue each other: those whose keys differ in nothing but the param by which a longer run goes on where a shorter one
// ended, as the node's definition says. On other hardware the last bits may differ, so it is part of the lineage, though not of the key.
import { canonical, type Hasher } from '../cache/digest.ts';
import type { GraphNode } from './graph.ts';
import type { ReadableKey } from './key.ts';

export interface Lineage {
  /** 32 hexadecimal digits. */
  readonly key: string;
  /** The value of the param that a longer run has more of. */
  readonly length: number;
}

/** The lineage of a node whose key is known; undefined where no longer run continues it. `where`: what computes, in words. */
export function lineageOf(
  hasher: Hasher,
  { kind, definition, params }: GraphNode,
  key: () => ReadableKey,
  where: string,
): Lineage | undefined {
  const by = definition.continues?.(params as never);
  if (by === undefined) return undefined;
  const { [by]: length, ...rest } = params;
  if (typeof length !== 'number' || length < 0) throw new Error(`${kind} continues by ${by}, which is no number.`);
  return { key: hasher.key(canonical({ ...key(), params: rest, by, where })), length };
}
