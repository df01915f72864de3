// Runs one node by hand, as a notebook would: no engine, no cache.
import { resolve } from 'node:path';
import type { ArtifactsOf, Inputs, NodeFactory, RunContext } from '../../engine/define-node.ts';
import { declaredPath } from '../../engine/files.ts';
import type { Progress } from '../../engine/events.ts';
import type { z } from 'zod';

export interface Ran<A> {
  readonly artifact: A;
  readonly log: readonly string[];
  readonly progress: readonly Progress[];
}

/** The artifact of one run, with what it logged and reported. Relative paths are resolved in `root`. */
export async function runNode<I extends Inputs, P extends z.ZodObject, A>(
  { definition }: NodeFactory<I, P, A>,
  inputs: Partial<ArtifactsOf<I>>,
  params: z.input<P>,
  {
    seed = 0,
    root = '.',
    signal = new AbortController().signal,
  }: { readonly seed?: number; readonly root?: string; readonly signal?: AbortSignal } = {},
): Promise<Ran<A>> {
  const log: string[] = [];
  const progress: Progress[] = [];
  const many = Object.entries(definition.inputs).filter(([, { many }]) => many);
  const context: RunContext<I, z.infer<P>> = {
    inputs: { ...Object.fromEntries(many.map(([slot]) => [slot, {}])), ...inputs } as ArtifactsOf<I>,
    params: definition.params.parse(params),
    seed,
    device: 'auto',
    threads: 2,
    signal,
    path: (declared) => declaredPath(declared, resolve(root)),
    progress: (step) => progress.push(step),
    checkpoint: { load: async () => undefined, save: async () => undefined },
    log: (line) => log.push(line),
  };
  return { artifact: await definition.run(context), log, progress };
}
