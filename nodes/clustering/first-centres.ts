// Which rows k-means starts from. Greedy k-means++: Arthur & Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007;
// of several candidates drawn for each centre the one that lowers the cost most is taken.
import type { Random } from '../training/random.ts';
import { range, type InnerProducts, type Rows } from './products.ts';

export interface Candidates extends Rows {
  /** [count] squared lengths. */
  readonly norms: Float64Array;
  readonly count: number;
  readonly multiply: InnerProducts;
}

/** `clusters` different rows, uniformly. */
export function randomCentres(count: number, clusters: number, stream: Random): readonly number[] {
  return [...stream.permutation(count).subarray(0, clusters)];
}

/** `clusters` rows, each drawn with probability proportional to its squared distance to those before it. */
export function plusPlusCentres(data: Candidates, clusters: number, stream: Random): readonly number[] {
  const tries = 2 + Math.floor(Math.log(clusters));
  const chosen = [stream.split('first').integers(1, data.count)[0]!];
  let nearest = distancesTo(data, chosen)[0]!;
  while (chosen.length < clusters) {
    const rows = [...stream.split('next', chosen.length).uniform(tries)].map((at) => drawn(nearest, at));
    const after = distancesTo(data, rows).map((distances) => distances.map((distance, i) => Math.min(distance, nearest[i]!)));
    const costs = after.map(total);
    const best = costs.indexOf(Math.min(...costs));
    chosen.push(rows[best]!);
    nearest = after[best]!;
  }
  return chosen;
}

/** Rows multiplied at a time. */
const BLOCK = 256;

/** Squared distances of all rows to each of `centres` (rows too). */
function distancesTo(data: Candidates, centres: readonly number[]): readonly Float64Array[] {
  const { norms, count, multiply } = data;
  const all = centres.map(() => new Float64Array(count));
  const products = new Float64Array(BLOCK * centres.length);
  for (let from = 0; from < count; from += BLOCK) {
    const rows = range(from, Math.min(from + BLOCK, count));
    multiply(data, rows, data, Int32Array.from(centres), products);
    for (const [c, distances] of all.entries()) {
      for (let r = 0; r < rows.length; r++) {
        distances[from + r] = Math.max(0, norms[from + r]! - 2 * products[r * centres.length + c]! + norms[centres[c]!]!); // ‖x − c‖²
      }
    }
  }
  return all;
}

/** The row at the share `at` of the total weight, 0 ≤ at < 1; where all weights are 0, at that share of the rows. */
function drawn(weights: Float64Array, at: number): number {
  const sum = total(weights);
  if (sum === 0) return Math.floor(at * weights.length);
  let rest = at * sum;
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i]!;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}

function total(numbers: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]!;
  return sum;
}
