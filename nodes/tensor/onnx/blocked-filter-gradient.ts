// The gradient of a filter as a convolution of its own, over whole images:
//
//   dF[u, v, c, o] = Σ over n, i, j of X[n, s·i + u, s·j + v, c] · dY[n, i, j, o]
//
// Each block of b channels of X is an image of its own, [H, W·b], and dY the filter, with dilations s and s · b. In one way the images of the
// batch are the input channels of that convolution, which sums over them; in another each image is a group of its own, and the sum comes after.
import { affine, ones, reshape, rowsOf, shapeOf, windowOf } from './blocked-convolution.ts';
import type { LowerSome } from './lower.ts';
import { BLOCKED, isBlockedFilter, type Shape4, type Values } from './values.ts';

type Two = readonly [number, number];

interface Gradient {
  readonly x: number;
  readonly dy: number;
  readonly strides: Two;
  /** Zeros above and to the left of X. */
  readonly before: Two;
  readonly filter: Shape4;
  /** Of dY. */
  readonly out: Shape4;
}

/** X as a convolution of whole images reads it. */
interface Sight {
  /** [parts, N, H, W, c]: the channels in parts of c. */
  readonly image: string;
  readonly parts: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly strides: Two;
  /** Rows of zeros above and below, left to the convolution. */
  readonly above: number;
  readonly below: number;
}

export const filterGradient: LowerSome = (operation, values) => {
  const { x, dy } = operation.inputs as { x: number; dy: number };
  const { strides, dilations, pad } = windowOf(operation);
  const filter = operation.attributes['filterShape'] as Shape4;
  if (!isBlockedFilter(filter, values.block) || dilations.some((step) => step !== 1)) return false;
  const gradient = { x, dy, strides, before: [pad[1][0], pad[2][0]] as const, filter, out: shapeOf(dy, values) };
  values.set(operation.outputs[0]!, (isEachAlone(gradient) ? eachAlone : allTogether)(gradient, values), 'filter');
  return true;
};

/**
 * Each image is a group where a filter for each is less than the images themselves, or the batch is no multiple of four, as `ReorderInput`
 * wants it. The number of threads has no say, so that numbers do not depend on it.
 */
function isEachAlone({ filter: [height, width, inner, outer], out: [count, outHeight, outWidth] }: Gradient): boolean {
  return count % 4 !== 0 || height * width * inner * outer <= outHeight * outWidth * (inner + outer);
}

/** The kernels want whole blocks of images, or less than one: the last image is repeated, and what comes of that left out. */
function eachAlone(gradient: Gradient, values: Values): string {
  const { dy, out } = gradient;
  const [count, height, width, outer] = out;
  const images = count > values.block ? inBlocks(count, values) : count;
  const slopes = swapped(values.get(dy, 'blocked'), [count, 1, height * width * outer], images, values);
  const sight = sightOf(gradient, images, values);
  return summed(sight, [sight.image, slopes], { images, groups: images, counted: count }, gradient, values);
}

/** X as [parts, N/b, H, W · c, b of N], dY as filters [G, O/b, N/(bG), H, W, b of N, b of O]; zeros fill the last block. */
function allTogether(gradient: Gradient, values: Values): string {
  const { graph, block } = values;
  const { dy, filter, out } = gradient;
  const [count, height, width, outer] = out;
  const sight = sightOf(gradient, count, values);
  const images = inBlocks(count, values);
  // Two parts of the batch where one would not keep two threads equally busy.
  const isEven = (sight.parts * Math.ceil(outer / (4 * block)) * filter[0]) % 2 === 0;
  const groups = isEven || images % (2 * block) !== 0 ? 1 : 2;
  const rows = [(count * height * width * outer) / block, block] as const;
  const slopes = rowsOf(graph, values.get(dy, 'blocked'), rows, `slopes ${[...out, groups]}`, () => slopeOrder(out, images, groups, block));
  const pixels = reshape(graph, sight.image, [sight.parts, count, sight.height, sight.width * sight.channels]);
  const image = graph.node('ReorderInput', [pixels], {}, BLOCKED);
  return summed(sight, [image, slopes], { images, groups, counted: groups }, gradient, values);
}

const inBlocks = (count: number, { block }: Values): number => Math.ceil(count / block) * block;

/** Places [G, O/b, N/(bG), H · W, b of N] in terms of [N, O/b, H · W]. */
function slopeOrder([count, height, width, outer]: Shape4, images: number, groups: number, block: number): number[] {
  const [places, blocks, inside] = [height * width, outer / block, images / (block * groups)];
  const order: number[] = [];
  for (let g = 0; g < groups; g++)
    for (let o = 0; o < blocks; o++)
      for (let i = 0; i < inside; i++)
        for (let place = 0; place < places; place++)
          for (let n = 0; n < block; n++) {
            const image = Math.min((g * inside + i) * block + n, count - 1);
            order.push((image * blocks + o) * places + place);
          }
  return order;
}

/**
 * X in parts of a block of channels (or all of them, where they do not fill one), `images` of them. Zeros to the left and right are written: the
 * convolution's own would be slow, since they touch many outputs. Of a strided 1×1 convolution only what it meets.
 */
function sightOf({ x, strides, before: [above, left], filter, out }: Gradient, images: number, values: Values): Sight {
  const { graph, block } = values;
  const [count, height, width, inner] = shapeOf(x, values);
  const isWhole = inner >= block;
  const channels = isWhole ? block : inner;
  const parts = inner / channels;
  const source = values.get(x, isWhole ? 'blocked' : 'last');
  const image = swapped(source, [count, parts, height * width * channels], images, values);
  const passed = (more: { readonly pads: readonly number[] } | { readonly strides: readonly number[] }): string =>
    affine(graph, reshape(graph, image, [parts * images, block, height, width]), ones(graph, block), '', block, more);
  if (isWhole && filter[0] * filter[1] === 1 && above + left === 0 && Math.max(...strides) > 1) {
    return { image: passed({ strides }), parts, channels, height: out[1], width: out[2], strides: [1, 1], above: 0, below: 0 };
  }
  const after = (axis: 0 | 1, side: number): number =>
    Math.max(0, strides[axis] * (out[axis === 0 ? 1 : 2] - 1) + filter[axis] - (axis === 0 ? above : left) - side);
  const [below, right] = [after(0, height), after(1, width)];
  const framed = (): string =>
    isWhole
      ? passed({ pads: [0, left, 0, right] })
      : graph.node('Pad', [reshape(graph, image, [images, height, width, inner]), graph.list([0, 0, left, 0, 0, 0, right, 0])]);
  const made = left + right === 0 ? image : framed();
  return { image: made, parts, channels, height, width: left + width + right, strides, above, below };
}

/** [A, B, L] → [B, C, L] with C ≥ A, the last of A repeated. */
function swapped(x: string, [first, second, length]: readonly [number, number, number], most: number, { graph }: Values): string {
  if (most === first && (first === 1 || second === 1)) return x;
  const order = (): number[] =>
    Array.from({ length: most * second }, (_, at) => Math.min(at % most, first - 1) * second + Math.floor(at / most));
  return rowsOf(graph, x, [first * second, length], `swapped ${first} ${second} ${most}`, order);
}

interface Grouping {
  readonly images: number;
  readonly groups: number;
  /** Groups that count. */
  readonly counted: number;
}

/** The convolution, the sum over groups, and dF as filters lie. */
function summed(sight: Sight, [image, slopes]: readonly [string, string], grouping: Grouping, gradient: Gradient, values: Values): string {
  const { graph, block } = values;
  const { parts, channels, above, below } = sight;
  const { images, groups, counted } = grouping;
  const { filter, out } = gradient;
  const [down, across] = sight.strides;
  const made = graph.node(
    'Conv',
    [
      reshape(graph, image, [parts, images, sight.height, sight.width * channels]),
      reshape(graph, slopes, [groups * out[3], images / groups, out[1], out[2]]),
    ],
    { kernel_shape: [out[1], out[2]], dilations: [down, across * channels], group: groups, pads: [above, 0, below, 0] },
    BLOCKED,
  );
  // Rows and columns beyond the filter's are what its last windows left out of X.
  const rows = above + sight.height + below - down * (out[1] - 1);
  const columns = sight.width - across * (out[2] - 1);
  const cut = (name: string, axes: readonly number[], ends: readonly number[]): string =>
    graph.node('Slice', [name, graph.list(axes.map(() => 0)), graph.list(ends), graph.list(axes)]);
  const all = reshape(graph, made, [parts, groups, out[3] / block, rows, columns, channels * block]);
  const own = groups === counted ? all : cut(all, [1], [counted]);
  const exact = rows === filter[0] && columns === filter[1] ? own : cut(own, [3, 4], [filter[0], filter[1]]);
  const sum = groups === 1 ? exact : graph.node('ReduceSum', [exact, graph.list([1])], { keepdims: 0 });
  return inFilterOrder(sum, sight, filter, values);
}

/** [parts, O/b, h, w, c, b] → [O/b, I/b, h, w, b, b], or [O/b, I, h, w, b] of less than a block of inputs. */
function inFilterOrder(x: string, { parts, channels }: Sight, [height, width, inner, outer]: Shape4, values: Values): string {
  const { graph, block } = values;
  const [blocks, taps] = [outer / block, height * width];
  const turned =
    channels === block
      ? swapped(x, [parts, blocks, taps * block * block], parts, values)
      : graph.node('Transpose', [reshape(graph, x, [blocks, taps, inner, block])], { perm: [0, 2, 1, 3] });
  return reshape(graph, turned, [outer, inner, height, width]);
}
