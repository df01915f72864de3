// Convolutions and pooling as a trace records them: NHWC, filters HWIO, with strides, dilations and pads in numbers.
import * as tf from '@tensorflow/tfjs-core';
import { KithError } from '../../../engine/errors.ts';
import type { Signature } from '../executor.ts';
import type { Call, Kernel } from './call.ts';
import type { Value } from './recorder.ts';

/** What an executor reads of a convolution or pooling; sides in the order height, width. */
export interface Window {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** tfjs' explicit form: none for batch and channels, then before and after height and width. */
  readonly pad: readonly [readonly [0, 0], readonly [number, number], readonly [number, number], readonly [0, 0]];
}

type Four = [number, number, number, number];

const record = ({ kernel, inputs, recorder }: Call, output: Signature, attributes: object): Value =>
  recorder.emit({ kernel, inputs, attributes: { ...attributes }, outputs: [output] })[0]!;

type Padding = { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };

const explicit = ({ top, bottom, left, right }: Padding): Window['pad'] => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

function convolution(
  call: Call,
  input: readonly number[],
  filter: readonly number[],
  depthwise = false,
): { readonly window: Window; readonly output: readonly number[] } {
  const { strides, pad, dimRoundingMode, dilations = 1, dataFormat = 'NHWC' } = call.attributes;
  if (dataFormat !== 'NHWC') throw new KithError(`A convolution in ${dataFormat} cannot be traced.`, { hint: 'Use NHWC, the default.' });
  const info = tf.backend_util.computeConv2DInfo(input as Four, filter as Four, strides, dilations, pad, dimRoundingMode, depthwise);
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo, outShape } = info;
  return {
    window: { strides: [strideHeight, strideWidth], dilations: [dilationHeight, dilationWidth], pad: explicit(padInfo) },
    output: outShape,
  };
}

const conv2d: Kernel = (call) => {
  const [x, filter] = [call.inputs['x']!, call.inputs['filter']!];
  const { window, output } = convolution(call, x.shape, filter.shape);
  return record(call, { shape: output, dtype: 'float32' }, { ...window, dataFormat: 'NHWC' });
};

const conv2dInput: Kernel = (call) => {
  const inputShape = call.attributes.inputShape as Four;
  const { window } = convolution(call, inputShape, call.inputs['filter']!.shape);
  return record(call, { shape: inputShape, dtype: 'float32' }, { ...window, dataFormat: 'NHWC', inputShape });
};

const conv2dFilter: Kernel = (call) => {
  const filterShape = call.attributes.filterShape as Four;
  const { window } = convolution(call, call.inputs['x']!.shape, filterShape);
  return record(call, { shape: filterShape, dtype: 'float32' }, { ...window, dataFormat: 'NHWC', filterShape });
};

const depthwise: Kernel = (call) => {
  const [x, filter] = [call.inputs['x']!, call.inputs['filter']!];
  const { window, output } = convolution(call, x.shape, filter.shape, true);
  return record(call, { shape: output, dtype: 'float32' }, { ...window, dataFormat: 'NHWC' });
};

/** A window that covers the image without pads is a mean or a maximum. */
function pooling({ attributes }: Call, input: readonly number[]): { readonly window: object; readonly output: readonly number[] } {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const info = tf.backend_util.computePool2DInfo(input as Four, filterSize, strides, 1, pad, dimRoundingMode);
  const window = {
    filterSize: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [1, 1],
    pad: explicit(info.padInfo),
  };
  return { window, output: info.outShape };
}

const pool: Kernel = (call) => {
  const x = call.inputs['x']!;
  const { window, output } = pooling(call, x.shape);
  return record(call, { shape: output, dtype: x.dtype }, window);
};

const poolGrad: Kernel = (call) => {
  const input = call.inputs['input']!;
  const { window } = pooling(call, input.shape);
  return record(call, input, window);
};

export const CONVOLUTIONS: { readonly [name: string]: Kernel } = {
  Conv2D: conv2d,
  Conv2DBackpropInput: conv2dInput,
  Conv2DBackpropFilter: conv2dFilter,
  DepthwiseConv2dNative: depthwise,
  AvgPool: pool,
  MaxPool: pool,
  AvgPoolGrad: poolGrad,
  MaxPoolGrad: poolGrad,
};
