// The embedding on a plane, by UMAP (McInnes, Healy, Melville, 2018): near images near each other. For the eye only; no result depends on it.
import type { ShownFile } from '../../engine/define-node.ts';
import type { Embeddings, Images } from '../artifacts.ts';
import { searchNeighbours } from '../clustering/neighbours.ts';
import { random } from '../training/random.ts';

/** More points are no clearer, and take long: of larger sets these many are shown, evenly spread over the set. */
const MOST = 3000;
const NEIGHBOURS = 15;
const SIDE = 720;
const EDGE = 16;

/** An SVG of the points, coloured by class where there are labels. */
export async function embeddingMap(
  embeddings: Embeddings,
  { labels, classes = [] }: Pick<Images, 'labels' | 'classes'>,
): Promise<ShownFile> {
  const chosen = evenly(embeddings.vectors.shape[0]!, MOST);
  const points = await project(rows(embeddings, chosen), embeddings.vectors.shape[1]!);
  const colours = chosen.map((image) => colourOf(labels?.data[image] ?? -1, classes.length));
  return { name: 'map', extension: 'svg', bytes: new TextEncoder().encode(drawing(points, colours, classes)) };
}

function evenly(count: number, most: number): number[] {
  const shown = Math.min(count, most);
  return Array.from({ length: shown }, (_, at) => Math.floor((at * count) / shown));
}

function rows({ vectors }: Embeddings, chosen: readonly number[]): Float32Array {
  const size = vectors.shape[1]!;
  const made = new Float32Array(chosen.length * size);
  chosen.forEach((image, at) => made.set(vectors.data.subarray(image * size, (image + 1) * size), at * size));
  return made;
}

/** Places of the rows on a plane. Seeded, from exact neighbours, so that the same vectors give the same map. */
async function project(vectors: Float32Array, dimension: number): Promise<readonly (readonly [number, number])[]> {
  const count = vectors.length / dimension;
  const k = Math.min(NEIGHBOURS, count - 1);
  if (count < 4) return Array.from({ length: count }, (_, at) => [at, 0]);
  const { UMAP } = await import('umap-js');
  const data = Array.from({ length: count }, (_, at) => [...vectors.subarray(at * dimension, (at + 1) * dimension)]);
  const nearest = exactNeighbours(vectors, count, dimension, k);
  const indices = Array.from({ length: count }, (_, at) => [...nearest.subarray(at * (k + 1), (at + 1) * (k + 1))]);
  const umap = new UMAP({ nComponents: 2, nNeighbors: k + 1, minDist: 0.15, random: stream() });
  umap.setPrecomputedKNN(indices, indices.map((each, at) => each.map((other) => cosineDistance(data[at]!, data[other]!)))); // prettier-ignore
  return umap.fit(data) as [number, number][];
}

function exactNeighbours(vectors: Float32Array, count: number, dimension: number, k: number): Int32Array {
  const search = searchNeighbours(vectors, count, dimension, k);
  for (;;) {
    const step = search.next();
    if (step.done) return step.value;
  }
}

/** 1 − cos(a, b) */
function cosineDistance(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return Math.max(0, 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) || 1));
}

/** UMAP asks for one number at a time: they are drawn in blocks. */
function stream(): () => number {
  const source = random(0);
  let [block, at] = [0, 0];
  let numbers: Float32Array = new Float32Array(0);
  return () => {
    if (at >= numbers.length) {
      numbers = source.split('map', block).uniform(4096, 0, 1);
      [block, at] = [block + 1, 0];
    }
    return Math.min(numbers[at++]!, 1 - 2 ** -24);
  };
}

/** Ten colours that are told apart on light and dark paper; more classes go around the colour circle. */
const COLOURS = ['#4e79a7', '#f28e2b', '#e15759', '#76b7b2', '#59a14f', '#edc948', '#b07aa1', '#ff9da7', '#9c755f', '#8a8f94'];

function colourOf(label: number, classes: number): string {
  if (label < 0) return '#8a8f94';
  return classes <= COLOURS.length ? COLOURS[label]! : `hsl(${Math.round((label * 360) / classes)} 60% 55%)`;
}

function drawing(points: readonly (readonly [number, number])[], colours: readonly string[], classes: readonly string[]): string {
  const scale = (axis: 0 | 1): ((value: number) => string) => {
    const values = points.map((point) => point[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (value) => (EDGE + ((value - low) / (high - low || 1)) * (SIDE - 2 * EDGE)).toFixed(1);
  };
  const [x, y] = [scale(0), scale(1)];
  const dots = points.map((point, at) => `<circle cx="${x(point[0])}" cy="${y(point[1])}" r="3" fill="${colours[at]}"/>`);
  const legend = classes.slice(0, 20).map((name, at) => {
    const left = EDGE + (at % 10) * 70;
    const top = SIDE + 18 + Math.floor(at / 10) * 20;
    return `<circle cx="${left}" cy="${top}" r="5" fill="${colourOf(at, classes.length)}"/><text x="${left + 9}" y="${top + 4}">${escape(name.slice(0, 8))}</text>`;
  });
  const height = SIDE + Math.ceil(Math.min(20, classes.length) / 10) * 20 + 10;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${height}" font-family="sans-serif" font-size="12" fill="#55606a">` +
    `<rect width="100%" height="100%" fill="#fff"/><g fill-opacity="0.75">${dots.join('')}</g>${legend.join('')}</svg>`
  );
}

const escape = (text: string): string => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
