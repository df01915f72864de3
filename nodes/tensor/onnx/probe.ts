// Whether ONNX Runtime's blocked kernels are here and right, and how many channels make a block. They belong to an undocumented domain, so they
// are tried before they are trusted: one small step by both lowerings.
import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Arrays } from '../executor.ts';
import { userCacheFolder } from '../user-cache.ts';
import { assemble } from './assembly.ts';
import { lowerBlocked } from './blocked.ts';
import { createGraph, ELEMENT } from './graph.ts';
import { keptIn } from './kept.ts';
import { codeDigest } from './kept-lowering.ts';
import { loadRuntime, versionOf } from './library.ts';
import { lowerPlain, type Lowered } from './plain.ts';
import { smallStep } from './self-test.ts';
import { BLOCKED } from './values.ts';

let size: Promise<number> | undefined;

/**
 * Channels in a block: 8 with AVX2, 16 with AVX-512; 0 where the plain lowering must do. The test runs once for this code, library and
 * processor: its outcome is kept in `folder` (default: Kith's own, for all projects of the user).
 */
export const blockSize = (folder = join(userCacheFolder(), 'onnx')): Promise<number> => (size ??= probe(folder).catch(() => 0));

async function probe(folder: string): Promise<number> {
  const block = await offered();
  if (block < 8) return 0;
  const kept = keptIn(join(folder, 'self-test'), MOST_KEPT);
  const name = createHash('sha256').update([versionOf(), codeDigest(), process.arch, cpus()[0]?.model, block].join('\n')).digest('hex');
  const known = kept.get(name);
  if (known) return known[0] === 1 ? block : 0;
  const isRight = await agree(block);
  kept.put(name, Uint8Array.of(Number(isRight)));
  return isRight ? block : 0;
}

/** Outcomes, of a byte each. */
const MOST_KEPT = 32;

/** Into how many channels the library reorders one. */
async function offered(): Promise<number> {
  const graph = createGraph();
  const shape = graph.node('Shape', [graph.node('ReorderInput', ['x'], {}, BLOCKED)]);
  const sides = graph.node('Cast', [shape], { to: ELEMENT.int32 });
  const model = graph.finish([{ name: 'x', element: 'float32', shape: [1, 8, 1, 1] }], [{ name: sides, element: 'int32', shape: [4] }]);
  const session = await loadRuntime().open(model, { threads: 1, planned: false });
  try {
    const x = { data: new Float32Array(8), shape: [1, 8, 1, 1], dtype: 'float32' } as const;
    const made = { data: new Int32Array(4), shape: [4], dtype: 'int32' } as const;
    await session.bind(new Map([['x', x]]), new Map([[sides, made]]))();
    return made.data[1]!;
  } finally {
    session.release();
  }
}

/** Of float32; a wrong kernel misses by orders of magnitude. */
const TOLERANCE = 1e-3;

async function agree(block: number): Promise<boolean> {
  const { trace, state, feeds } = smallStep(block);
  const run = async (lowered: Lowered): Promise<Arrays> => {
    const assembly = await assemble(trace, lowered, 1);
    try {
      assembly.write(state);
      return { ...(await assembly.run(feeds)), ...assembly.read() };
    } finally {
      assembly.release();
    }
  };
  const [actual, expected] = [await run(lowerBlocked(trace, {}, block)), await run(lowerPlain(trace))];
  return Object.entries(expected).every(([name, { data }]) => distance(actual[name]!.data, data) < TOLERANCE);
}

/** ‖a − b‖/‖b‖ */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}
