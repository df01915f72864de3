// A trained network as an ONNX file for other programs: raw pixels in, vectors or probabilities out, in standard operators alone.
import * as tf from '@tensorflow/tfjs-core';
import { ndarray } from '../../cache/array.ts';
import type { HeadSpec, NetworkSpec, OnnxModel, Weights } from '../artifacts.ts';
import { lowerPlain } from '../tensor/onnx/plain.ts';
import { traceStep, type TensorMap } from '../tensor/trace.ts';
import { headInput, headLogits } from './heads.ts';
import { unitRows } from './layers.ts';
import { forward, toUnitRange } from './network.ts';

/** What a model may give: z as a unit vector, h as it is, cluster probabilities. */
export type OnnxOutput = 'embedding' | 'features' | 'probabilities';

export interface OnnxRequest {
  readonly network: NetworkSpec;
  readonly weights: Weights;
  /** Needed for `probabilities`: the only head in `weights`. */
  readonly head?: HeadSpec | undefined;
  readonly outputs: readonly OnnxOutput[];
  /** Images a call; `dynamic`: any number. */
  readonly batch: number | 'dynamic';
  /** Element type of the pixels, which are 0 … `normalise.divide` in either. */
  readonly pixels: 'float32' | 'uint8';
}

/** The name of a side of any length. */
const ANY = 'n';

/** Any number above one will do: rows are left open when the model is written. */
const TRACED = 2;

/** Input `pixels` [n, H, W, C]; outputs by their names, [n, …]. Nothing but the pixels has to be prepared. */
export function onnxModel({ network, weights, head, outputs, batch, pixels }: OnnxRequest): OnnxModel {
  const isOpen = batch === 'dynamic';
  const trace = traceStep((state, feeds) => ({ state, results: results(network, state, feeds['pixels'] as tf.Tensor4D, outputs, head) }), {
    state: Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, { shape, dtype: 'float32' as const }])),
    feeds: { pixels: { shape: [isOpen ? TRACED : batch, ...network.input], dtype: 'float32' } },
  });
  const { bytes } = lowerPlain(trace, weights, { element: pixels, ...(isOpen ? { rows: ANY } : {}) });
  const shape = (sides: readonly number[]): (number | string)[] => [isOpen ? ANY : batch, ...sides];
  return {
    type: 'onnx',
    model: ndarray('uint8', [bytes.length], bytes),
    inputs: [{ name: 'pixels', dtype: pixels, shape: shape(network.input) }],
    outputs: trace.results.map(({ name, value }) => ({ name, dtype: 'float32', shape: shape(trace.values[value]!.shape.slice(1)) })),
  };
}

function results(
  network: NetworkSpec,
  weights: TensorMap,
  pixels: tf.Tensor4D,
  wanted: readonly OnnxOutput[],
  head: HeadSpec | undefined,
): TensorMap {
  const made = forward(network, weights, toUnitRange(network, pixels), { training: false });
  const give: { readonly [name in OnnxOutput]: () => tf.Tensor } = {
    embedding: () => unitRows(made.projection),
    features: () => made.features,
    probabilities: () => tf.softmax(tf.squeeze(headLogits(head!, weights, headInput(head!, made)), [1])),
  };
  return Object.fromEntries(wanted.map((name) => [name, give[name]()]));
}
