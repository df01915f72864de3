// Lloyd's k-means on rows of numbers, exact, with Hamerly's bounds so that settled points cost nothing. Knows neither images nor labels.
// G. Hamerly, "Making k-means even faster", SDM 2010.
import { random, type Random } from '../training/random.ts';
import { innerProducts, range, squaredNorms, type InnerProducts } from './products.ts';
import { plusPlusCentres, randomCentres } from './first-centres.ts';

export interface KMeansOptions {
  /** Rows of `vectors`. */
  readonly count: number;
  /** Columns of `vectors`. */
  readonly dimension: number;
  /** At most `count`. */
  readonly clusters: number;
  /** Independent starts; the one of lowest inertia is kept. Default 10. */
  readonly restarts?: number;
  /** Default `k-means++`. */
  readonly init?: 'k-means++' | 'random';
  /** Default 300. */
  readonly maxIterations?: number;
  /** Stops when the centres' squared shift is at most this share of the mean variance of a dimension. Default 1e-4. */
  readonly tolerance?: number;
  readonly seed: number;
}

export interface KMeansResult {
  /** [count] */
  readonly assigned: Int32Array;
  /** [clusters, dimension] */
  readonly centres: Float32Array;
  /** Sum of squared distances of the rows to their centres. */
  readonly inertia: number;
}

/** The best of `restarts` runs. vectors: [count, dimension]. The same seed gives the same bytes. */
export function kMeans(vectors: Float32Array, options: KMeansOptions): KMeansResult {
  let best = kMeansOnce(vectors, options, 0);
  for (let restart = 1; restart < (options.restarts ?? 10); restart++) best = better(best, kMeansOnce(vectors, options, restart));
  return best;
}

/** The result of lower inertia; the first where they are equal. */
export const better = (a: KMeansResult, b: KMeansResult): KMeansResult => (b.inertia < a.inertia ? b : a);

/** The run numbered `restart`: independent of all others, so that runs may be spread out or repeated alone. */
export function kMeansOnce(vectors: Float32Array, options: KMeansOptions, restart: number): KMeansResult {
  const { count, dimension, clusters, init = 'k-means++', maxIterations = 300, tolerance = 1e-4, seed } = options;
  if (vectors.length !== count * dimension) throw new RangeError(`${vectors.length} numbers are not ${count} rows of ${dimension}`);
  if (clusters < 1 || clusters > count) throw new RangeError(`${count} rows cannot make ${clusters} clusters`);
  const norms = squaredNorms({ vectors, dimension }, count);
  const data: Data = { vectors, norms, count, dimension, multiply: innerProducts() };
  const state = start(data, firstCentres(data, clusters, init, random(seed).split('k-means', restart)), clusters);
  const small = tolerance * meanVariance(data);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const changed = assign(data, state);
    const moved = fillEmpty(data, state);
    if (iteration > 0 && changed + moved === 0) break;
    if (moveCentres(data, state) <= small && moved === 0) break;
  }
  assign(data, state);
  return { assigned: state.assigned, centres: state.centres, inertia: inertia(data, state) };
}

interface Data {
  readonly vectors: Float32Array;
  readonly norms: Float64Array;
  readonly count: number;
  readonly dimension: number;
  readonly multiply: InnerProducts;
}

interface State {
  readonly clusters: number;
  readonly centres: Float32Array;
  /** [count], −1 before the first assignment; changed by `move` alone, which keeps sums and sizes. */
  readonly assigned: Int32Array;
  /** [clusters, dimension] sums of the rows of each cluster. */
  readonly sums: Float64Array;
  readonly sizes: Int32Array;
  /** Upper bound of each row's distance to its own centre. */
  readonly upper: Float64Array;
  /** Lower bound of each row's distance to any other centre. */
  readonly lower: Float64Array;
}

function firstCentres(data: Data, clusters: number, init: 'k-means++' | 'random', stream: Random): Float32Array {
  const rows = init === 'random' ? randomCentres(data.count, clusters, stream) : plusPlusCentres(data, clusters, stream);
  const centres = new Float32Array(clusters * data.dimension);
  rows.forEach((row, c) => centres.set(rowOf(data, row), c * data.dimension));
  return centres;
}

function start({ count, dimension }: Data, centres: Float32Array, clusters: number): State {
  return {
    clusters,
    centres,
    assigned: new Int32Array(count).fill(-1),
    sums: new Float64Array(clusters * dimension),
    sizes: new Int32Array(clusters),
    upper: new Float64Array(count).fill(Infinity),
    lower: new Float64Array(count),
  };
}

/** Puts a row into another cluster. */
function move({ vectors, dimension }: Data, { assigned, sums, sizes }: State, row: number, to: number): void {
  const from = assigned[row]!;
  assigned[row] = to;
  addRow(vectors, row * dimension, sums, to * dimension, dimension, 1);
  sizes[to]!++;
  if (from < 0) return;
  addRow(vectors, row * dimension, sums, from * dimension, dimension, -1);
  sizes[from]!--;
}

function addRow(vectors: Float32Array, at: number, sums: Float64Array, to: number, dimension: number, sign: 1 | -1): void {
  for (let d = 0; d < dimension; d++) sums[to + d]! += sign * vectors[at + d]!;
}

/** Rows whose distances are computed together. */
const BLOCK = 256;

/** Gives each row its nearest centre (the first of equals); returns how many changed. */
function assign(data: Data, state: State): number {
  const reach = halfGaps(data, state);
  const open = new Int32Array(BLOCK);
  let changed = 0;
  let filled = 0;
  for (let i = 0; i < data.count; i++) {
    const own = state.assigned[i]!;
    if (own >= 0 && state.upper[i]! < Math.max(state.lower[i]!, reach[own]!)) continue;
    open[filled++] = i;
    if (filled === BLOCK) {
      changed += assignRows(data, state, open);
      filled = 0;
    }
  }
  return changed + assignRows(data, state, open.subarray(0, filled));
}

function assignRows(data: Data, state: State, rows: Int32Array): number {
  const { norms, dimension } = data;
  const { clusters, assigned, upper, lower } = state;
  const centres = { vectors: state.centres, dimension };
  const centreNorms = squaredNorms(centres, clusters);
  const products = new Float64Array(rows.length * clusters);
  data.multiply(data, rows, centres, range(0, clusters), products);
  let changed = 0;
  for (let r = 0; r < rows.length; r++) {
    const i = rows[r]!;
    let nearest = 0;
    let first = Infinity;
    let second = Infinity;
    for (let c = 0; c < clusters; c++) {
      const distance = norms[i]! - 2 * products[r * clusters + c]! + centreNorms[c]!; // ‖x − c‖²
      if (distance < first) {
        second = first;
        first = distance;
        nearest = c;
      } else if (distance < second) second = distance;
    }
    if (assigned[i] !== nearest) {
      move(data, state, i, nearest);
      changed++;
    }
    upper[i] = Math.sqrt(Math.max(0, first));
    lower[i] = Math.sqrt(Math.max(0, second));
  }
  return changed;
}

/** Half the distance of each centre to the nearest other one: a row closer than that to its centre cannot belong elsewhere. */
function halfGaps({ dimension, multiply }: Data, { clusters, centres }: State): Float64Array {
  const gaps = new Float64Array(clusters).fill(Infinity);
  const rows = { vectors: centres, dimension };
  const norms = squaredNorms(rows, clusters);
  const products = new Float64Array(clusters * clusters);
  multiply(rows, range(0, clusters), rows, range(0, clusters), products);
  for (let a = 0; a < clusters; a++) {
    for (let b = 0; b < clusters; b++) {
      if (a !== b) gaps[a] = Math.min(gaps[a]!, Math.sqrt(Math.max(0, norms[a]! - 2 * products[a * clusters + b]! + norms[b]!)) / 2);
    }
  }
  return gaps;
}

/** Moves the row farthest from its centre into each empty cluster; returns how many were moved. */
function fillEmpty(data: Data, state: State): number {
  const { sizes } = state;
  const empty = [...sizes.keys()].filter((cluster) => sizes[cluster] === 0);
  if (empty.length === 0) return 0;
  const distances = Float64Array.from(state.assigned, (cluster, i) => squaredDistance(data, i, state.centres, cluster));
  let moved = 0;
  for (const cluster of empty) {
    const far = farthest(distances, (i) => sizes[state.assigned[i]!]! > 1);
    if (far < 0) break;
    move(data, state, far, cluster);
    state.lower[far] = 0; // the centre it left is now another one
    distances[far] = 0;
    moved++;
  }
  return moved;
}

/** Index of the largest positive distance among the allowed, or −1. */
function farthest(distances: Float64Array, allowed: (i: number) => boolean): number {
  let far = -1;
  for (let i = 0; i < distances.length; i++) if (distances[i]! > (far < 0 ? 0 : distances[far]!) && allowed(i)) far = i;
  return far;
}

/** Each centre becomes the mean of its rows (an empty one stays); loosens the bounds; returns the sum of squared shifts. */
function moveCentres({ count, dimension }: Data, { clusters, centres, assigned, sums, sizes, upper, lower }: State): number {
  const shifts = new Float64Array(clusters);
  let total = 0;
  for (let c = 0; c < clusters; c++) {
    if (sizes[c] === 0) continue;
    let shift = 0;
    for (let k = c * dimension; k < (c + 1) * dimension; k++) {
      const old = centres[k]!;
      centres[k] = sums[k]! / sizes[c]!;
      shift += (centres[k]! - old) ** 2;
    }
    shifts[c] = Math.sqrt(shift);
    total += shift;
  }
  const largest = Math.max(...shifts);
  for (let i = 0; i < count; i++) {
    upper[i]! += shifts[assigned[i]!]!;
    lower[i]! -= largest;
  }
  return total;
}

function inertia(data: Data, { centres, assigned }: State): number {
  let sum = 0;
  for (let i = 0; i < data.count; i++) sum += squaredDistance(data, i, centres, assigned[i]!);
  return sum;
}

function squaredDistance({ vectors, dimension }: Data, row: number, centres: Float32Array, cluster: number): number {
  let sum = 0;
  for (let d = 0; d < dimension; d++) sum += (vectors[row * dimension + d]! - centres[cluster * dimension + d]!) ** 2;
  return sum;
}

/** Mean over the dimensions of the variance over the rows. */
function meanVariance({ vectors, norms, count, dimension }: Data): number {
  const means = new Float64Array(dimension);
  for (let i = 0; i < count; i++) for (let d = 0; d < dimension; d++) means[d]! += vectors[i * dimension + d]! / count;
  const squares = norms.reduce((sum, norm) => sum + norm, 0) / count;
  return (squares - means.reduce((sum, mean) => sum + mean * mean, 0)) / dimension;
}

function rowOf({ vectors, dimension }: Data, row: number): Float32Array {
  return vectors.subarray(row * dimension, (row + 1) * dimension);
}
