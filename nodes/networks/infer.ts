// Plain images, or vectors, through a network in inference mode, batch by batch. Trains nothing and augments nothing.
import * as tf from '@tensorflow/tfjs-core';
import { ndarray, type NdArray } from '../../cache/array.ts';
import type { RunContext } from '../../engine/define-node.ts';
import type { HeadSpec, Images, NetworkSpec, Weights } from '../artifacts.ts';
import type { Signature, Signatures } from '../tensor/executor.ts';
import { compileStep, rowsWithin } from '../tensor/program.ts';
import type { StepSignatures, TensorMap } from '../tensor/trace.ts';
import { rowsOf } from '../training/data-set.ts';
import { headInput, headLogits } from './heads.ts';
import { unitRows } from './layers.ts';
import { forward, type Outputs, toUnitRange } from './network.ts';

/** Rows a batch, fewer where the images are large; the last one is filled up, so that one compiled program serves all. */
const BATCH = 256;
/** What lies between a pass' operations takes no more than so many bytes, if one image takes no more. */
const ROOM = 2 ** 30;

export type World = Pick<RunContext, 'device' | 'threads' | 'signal' | 'progress'>;

/** Vectors of the images, [N, D]: the projection z as unit vectors, or the features h as they are. */
export function embedImages(
  images: Images,
  spec: NetworkSpec,
  weights: Weights,
  which: 'projection' | 'features',
  world: World,
): Promise<NdArray<'float32'>> {
  return throughNetwork(
    images,
    spec,
    weights,
    ({ features, projection }) => (which === 'features' ? features : unitRows(projection)),
    world,
  );
}

/** Cluster probabilities of the images by the heads in `weights`, [N, heads, C]. */
export function classifyImages(
  images: Images,
  spec: NetworkSpec,
  weights: Weights,
  head: HeadSpec,
  world: World,
): Promise<NdArray<'float32'>> {
  return throughNetwork(images, spec, weights, (outputs, all) => tf.softmax(headLogits(head, all, headInput(head, outputs))), world);
}

/** Cluster probabilities of vectors [N, D] by the heads in `weights`, [N, heads, C]. */
export function classifyVectors(vectors: NdArray<'float32'>, weights: Weights, head: HeadSpec, world: World): Promise<NdArray<'float32'>> {
  return inBatches(vectors, weights, (rows, all) => tf.softmax(headLogits(head, all, rows as tf.Tensor2D)), world);
}

type Read = (outputs: Outputs, weights: TensorMap) => tf.Tensor;

function throughNetwork(images: Images, spec: NetworkSpec, weights: Weights, read: Read, world: World): Promise<NdArray<'float32'>> {
  const pass = (pixels: tf.Tensor, all: TensorMap): tf.Tensor =>
    read(forward(spec, all, toUnitRange(spec, pixels as tf.Tensor4D), { training: false }), all);
  return inBatches(images.pixels, weights, pass, world);
}

/** `pass` over all rows of an array. */
async function inBatches(
  array: NdArray<'uint8'> | NdArray<'float32'>,
  weights: Weights,
  pass: (rows: tf.Tensor, weights: TensorMap) => tf.Tensor,
  world: World,
): Promise<NdArray<'float32'>> {
  const count = array.shape[0]!;
  const most = Math.min(BATCH, count);
  const rows = rowsOf(array, 'rows', most);
  const step = rows.reading((state, feeds) => ({ state, results: { out: pass(feeds['rows']!, state) } }));
  const signatures = (feeds: Signatures): StepSignatures => ({ state: { ...mapped(weights), ...rows.signatures.state }, feeds });
  const batch = rowsWithin(ROOM, step, signatures(rows.signatures.feeds), most);
  const program = await compileStep(step, signatures(rowsOf(array, 'rows', batch).signatures.feeds), world);
  try {
    await program.write({ ...weights, ...rows.state });
    const parts: Float32Array[] = [];
    let outer: readonly number[] = [];
    for (let from = 0; from < count; from += batch) {
      world.signal.throwIfAborted();
      const { out } = await program.run(rows.feed(clamped(from, batch, count)));
      outer = out!.shape.slice(1);
      parts.push((out!.data as Float32Array).slice(0, Math.min(batch, count - from) * (out!.data.length / batch)));
      world.progress({ done: Math.min(from + batch, count), total: count, unit: 'image' });
    }
    return ndarray('float32', [count, ...outer], joined(parts));
  } finally {
    await program.dispose();
  }
}

const mapped = (weights: Weights): { readonly [name: string]: Signature } =>
  Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, { shape, dtype: 'float32' as const }]));

/** from, from + 1, …, the last row again where they run out. */
const clamped = (from: number, batch: number, count: number): Int32Array =>
  new Int32Array(batch).map((_, i) => Math.min(from + i, count - 1));

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
