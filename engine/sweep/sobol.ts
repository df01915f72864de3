// The Sobol sequence (Sobol', 1967) with the direction numbers of Joe and Kuo (2008): points that fill the unit cube evenly.
import { KithError } from '../errors.ts';

/** For the dimensions after the first: degree and inner coefficients of a primitive polynomial, and the first direction numbers. */
const DIRECTIONS: readonly (readonly [degree: number, coefficients: number, ...first: readonly number[]])[] = [
  [1, 0, 1],
  [2, 1, 1, 3],
  [3, 1, 1, 3, 1],
  [3, 2, 1, 1, 1],
  [4, 1, 1, 1, 3, 3],
  [4, 4, 1, 3, 5, 13],
  [5, 2, 1, 1, 5, 5, 17],
  [5, 4, 1, 1, 5, 5, 5],
  [5, 7, 1, 1, 7, 11, 19],
  [5, 11, 1, 1, 5, 1, 1],
  [5, 13, 1, 1, 1, 3, 11],
  [5, 14, 1, 3, 5, 5, 31],
  [6, 1, 1, 3, 3, 9, 7, 49],
  [6, 13, 1, 1, 1, 15, 21, 21],
  [6, 16, 1, 3, 1, 13, 27, 49],
  [6, 19, 1, 1, 1, 15, 7, 5],
  [6, 22, 1, 3, 1, 15, 13, 25],
  [6, 25, 1, 1, 5, 5, 19, 61],
  [7, 1, 1, 3, 7, 11, 23, 15, 103],
  [7, 4, 1, 3, 7, 13, 13, 15, 69],
];

const BITS = 32;

/** Point `index` (from 0) as whole numbers below 2³², in Gray-code order. Throws a KithError (exit code 2) above 21 dimensions. */
export function sobol(index: number, dimensions: number): readonly number[] {
  if (dimensions > DIRECTIONS.length + 1) {
    throw new KithError(`A Sobol sequence of ${dimensions} dimensions is not available.`, {
      hint: `Vary at most ${DIRECTIONS.length + 1} params, or use the random strategy.`,
      exitCode: 2,
    });
  }
  const gray = index ^ (index >>> 1);
  return Array.from({ length: dimensions }, (_, dimension) => {
    const vectors = directionVectors(dimension);
    let point = 0;
    for (let bit = 0; bit < BITS; bit++) if ((gray >>> bit) & 1) point ^= vectors[bit]!;
    return point >>> 0;
  });
}

function directionVectors(dimension: number): readonly number[] {
  if (dimension === 0) return Array.from({ length: BITS }, (_, bit) => 2 ** (BITS - 1 - bit));
  const [degree, coefficients, ...first] = DIRECTIONS[dimension - 1]!;
  const vectors = first.map((number, bit) => (number * 2 ** (BITS - 1 - bit)) >>> 0);
  for (let bit = degree; bit < BITS; bit++) {
    let vector = vectors[bit - degree]! ^ (vectors[bit - degree]! >>> degree);
    for (let k = 1; k < degree; k++) if ((coefficients >>> (degree - 1 - k)) & 1) vector ^= vectors[bit - k]!;
    vectors.push(vector >>> 0);
  }
  return vectors;
}
