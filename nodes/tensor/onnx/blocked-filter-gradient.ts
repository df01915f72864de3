// The gradient of a filter as a convolution of its own, whose channels are the images of the batch:
//
//   dF[u, v, c, o] = Σ over n, i, j of X[n, s·i + u, s·j + v, c] · dY[n, i, j, o]
//
// With n as channel, (row, column · C + c) as place and dY as filter, that is one convolution with dilations s and s · C.
import type { Operation } from '../executor.ts';
import { isBlocked, onnxPads, reshape, shapeOf, windowOf } from './blocked-convolution.ts';
import type { LowerSome } from './lower.ts';
import { BLOCKED, type Shape4, type Values } from './values.ts';

/** Batches that are a multiple of the block. */
export const filterGradient: LowerSome = (operation, values) => {
  const { graph, block } = values;
  const { x, dy } = operation.inputs as { x: number; dy: number };
  const { strides, dilations } = windowOf(operation);
  const [height, width, inner, outer] = operation.attributes['filterShape'] as Shape4;
  const [count, outHeight, outWidth] = shapeOf(dy, values);
  const groups = groupsFor(count, outHeight, outer, block);
  if (groups === 0 || !isBlocked(outer, values) || dilations.some((step) => step !== 1)) return false;
  const sides = [strides[0] * (outHeight - 1) + height, strides[1] * (outWidth - 1) + width] as const;
  const image = batchInnermost(values, framed(operation, x, sides, values), [count, ...sides, inner]);
  const filter = reshape(graph, slopesAsFilter(values, dy, groups), [groups * outer, count / groups, outHeight, outWidth]);
  const attributes = { kernel_shape: [outHeight, outWidth], dilations: [strides[0], strides[1] * inner], group: groups };
  const made = graph.node('Conv', [image, filter], attributes, BLOCKED);
  // [G, O/b, kh, kw, C, b], summed over G
  const parts = reshape(graph, made, [groups, outer / block, height, width, inner, block]);
  const sum =
    groups > 1
      ? graph.node('ReduceSum', [parts, graph.list([0])], { keepdims: 0 })
      : reshape(graph, parts, [outer / block, height, width, inner, block]);
  const turned = graph.node('Transpose', [sum], { perm: [1, 2, 3, 0, 4] });
  values.set(operation.outputs[0]!, reshape(graph, turned, [height, width, inner, outer]));
  return true;
};

/**
 * Into how many parts the batch is split, whose sums are added at the end: small parts stay in the cache where images are large, and an even
 * number of them keeps two threads equally busy. 0 where the batch cannot be blocked. It does not depend on the number of threads, so that
 * numbers do not either.
 */
function groupsFor(count: number, height: number, outer: number, block: number): number {
  const isEven = Math.ceil(outer / (4 * block)) % 2 === 0;
  const wanted = height >= 16 ? count / 16 : isEven ? 1 : Math.max(2, count / 64);
  return [wanted, 2, 1].find((groups) => Number.isInteger(groups) && count % (groups * block) === 0) ?? 0;
}

/** x in tfjs' order, padded or cropped to exactly the pixels that windows meet: [N, height, width, C]. */
function framed(operation: Operation, x: number, [tall, wide]: readonly [number, number], values: Values): string {
  const { graph } = values;
  const shape = shapeOf(x, values);
  const [count, height, width, channels] = shape;
  const [top, left] = onnxPads(windowOf(operation)) as [number, number, number, number];
  const [bottom, right] = [tall - height - top, wide - width - left];
  if (top === 0 && left === 0 && bottom === 0 && right === 0) return values.get(x);
  if (!values.has(x, 'blocked') || bottom < 0 || right < 0)
    return graph.node('Pad', [values.get(x), graph.list([0, top, left, 0, 0, bottom, right, 0])]);
  // A 1×1 convolution with ones pads on all threads.
  const ones = graph.constant('float32', [channels, 1, 1, 1], new Float32Array(channels).fill(1));
  const image = reshape(graph, values.get(x, 'blocked'), [count, channels, height, width]);
  const padded = graph.node('Conv', [image, ones], { kernel_shape: [1, 1], group: channels, pads: [top, left, bottom, right] }, BLOCKED);
  if (channels === values.block) return padded;
  return graph.node('ReorderOutput', [padded], { channels, channels_last: 1 }, BLOCKED);
}

/** [N, H, W, C] as the blocked image [1, N, H, W · C] of N channels. */
function batchInnermost({ graph, block }: Values, x: string, [count, height, width, channels]: Shape4): string {
  const blocks = graph.node('ReorderInput', [reshape(graph, x, [count / block, block, height, width * channels])], {}, BLOCKED);
  return reshape(graph, blocks, [1, count, height, width * channels]);
}

/** dY, blocked [N, O/b, H · W, b of O], as filters: [G, O/b, N/(bG), H · W, b of N, b of O]. */
function slopesAsFilter(values: Values, dy: number, groups: number): string {
  const { graph, block } = values;
  const [count, height, width, outer] = shapeOf(dy, values);
  const order = graph.index(`slopes ${[count, height * width, outer / block, groups]}`, () =>
    slopeOrder(count, height * width, outer / block, groups, block),
  );
  const pixels = reshape(graph, values.get(dy, 'blocked'), [(count * height * width * outer) / block, block]);
  return graph.node('Gather', [pixels, order], { axis: 0 });
}

/** Places [G, O/b, N/(bG), H · W, b of N] in terms of [N, O/b, H · W]. */
function slopeOrder(count: number, places: number, blocks: number, groups: number, block: number): number[] {
  const inside = count / (block * groups);
  const order: number[] = [];
  for (let g = 0; g < groups; g++)
    for (let o = 0; o < blocks; o++)
      for (let i = 0; i < inside; i++)
        for (let place = 0; place < places; place++)
          for (let n = 0; n < block; n++) order.push((((g * inside + i) * block + n) * blocks + o) * places + place);
  return order;
}
