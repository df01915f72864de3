// Metrics against naive references and against scikit-learn 1.9.1's numbers.
import { describe, expect, it } from 'vitest';
import { accuracy, hungarian, majority } from '../../nodes/metrics/accuracy.ts';
import { ami } from '../../nodes/metrics/ami.ts';
import { ari } from '../../nodes/metrics/ari.ts';
import { confusion, type Counts } from '../../nodes/metrics/confusion.ts';
import { nmi } from '../../nodes/metrics/nmi.ts';
import { perClass } from '../../nodes/metrics/per-class.ts';
import { neighbourPurity } from '../../nodes/metrics/purity.ts';
import { random } from '../../nodes/training/random.ts';

const table = (truth: readonly number[], predicted: readonly number[]): Counts =>
  confusion(Int32Array.from(truth), Math.max(...truth) + 1, Int32Array.from(predicted), Math.max(...predicted) + 1);

const upTo = (count: number, of: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => of(i));

// normalized_mutual_info_score, adjusted_mutual_info_score, adjusted_rand_score
const SKLEARN: readonly (readonly [readonly number[], readonly number[], number, number, number])[] = [
  [[0, 0, 1, 1, 2, 2], [0, 0, 1, 2, 2, 2], 0.7396673768007592, 0.5023607027202738, 0.4444444444444444],
  [[0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [1, 1, 0, 0, 2, 3, 3, 3, 3, 1], 0.4511926401070352, 0.15561179566819353, 0.16],
  [[0, 0, 0, 0], [0, 1, 2, 3], 0, 0, 0],
  [[0, 1, 0, 1, 0, 1], [0, 0, 0, 0, 0, 0], 0, 0, 0],
  [
    upTo(30, (i) => i % 3),
    upTo(30, (i) => (i * 7 + Math.floor(i / 4)) % 5),
    0.1158973505718198,
    -0.005945129825281763,
    -0.007156388128814986,
  ],
  [
    upTo(200, (i) => (i * i) % 10),
    upTo(200, (i) => (i ** 3 + Math.floor(i / 7)) % 12),
    0.00833701993254005,
    -0.07090314090181293,
    -0.029196999645340314,
  ],
];

describe('partition metrics', () => {
  it.each(SKLEARN)('are those of scikit-learn (%#)', (truth, predicted, expectedNmi, expectedAmi, expectedAri) => {
    const counts = table(truth, predicted);
    expect(nmi(counts)).toBeCloseTo(expectedNmi, 12);
    expect(ami(counts)).toBeCloseTo(expectedAmi, 12);
    expect(ari(counts)).toBeCloseTo(expectedAri, 12);
  });

  it('are 1 for the same partition under other names', () => {
    const counts = table([0, 0, 1, 1, 2], [2, 2, 0, 0, 1]);
    for (const metric of [nmi, ami, ari]) expect(metric(counts)).toBeCloseTo(1, 12);
  });

  it('are 1 where both partitions are a single group', () => {
    const counts = table([0, 0, 0], [0, 0, 0]);
    expect([nmi(counts), ami(counts), ari(counts)]).toEqual([1, 1, 1]);
  });

  it('do not depend on clusters that nobody is in', () => {
    const [truth, predicted] = [Int32Array.of(0, 0, 1, 1, 2, 2), Int32Array.of(0, 0, 1, 2, 2, 2)];
    for (const metric of [nmi, ami, ari]) expect(metric(confusion(truth, 3, predicted, 9))).toBe(metric(confusion(truth, 3, predicted, 3)));
  });

  it('counts pairs as the Rand index of all pairs of items does', () => {
    const stream = random(3);
    const [truth, predicted] = [stream.split('t').integers(40, 4), stream.split('p').integers(40, 3)];
    expect(ari(confusion(truth, 4, predicted, 3))).toBeCloseTo(naiveAri(truth, predicted), 12);
  });

  it('average to the expected information over random shuffles: AMI is about 0', () => {
    const stream = random(5);
    const truth = stream.split('t').integers(60, 3);
    const predicted = stream.split('p').integers(60, 4);
    const values = upTo(300, (round) => {
      const order = stream.split('shuffle', round).permutation(60);
      return ami(
        confusion(
          truth,
          3,
          Int32Array.from(order, (i) => predicted[i]!),
          4,
        ),
      );
    });
    expect(values.reduce((a, b) => a + b) / values.length).toBeCloseTo(0, 2);
  });
});

function naiveAri(truth: Int32Array, predicted: Int32Array): number {
  let [both, inTruth, inPredicted, pairs] = [0, 0, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    for (let j = 0; j < i; j++) {
      const [t, p] = [truth[i] === truth[j], predicted[i] === predicted[j]];
      both += Number(t && p);
      inTruth += Number(t);
      inPredicted += Number(p);
      pairs++;
    }
  }
  const expected = (inTruth * inPredicted) / pairs;
  return (both - expected) / ((inTruth + inPredicted) / 2 - expected);
}

describe('the matching of clusters to classes', () => {
  it.each([
    [3, 3],
    [4, 4],
    [5, 3],
    [3, 5],
    [1, 4],
    [4, 1],
    [6, 6],
  ])('is the best of all matchings, %i classes and %i clusters', async (rows, columns) => {
    for (let round = 0; round < 40; round++) {
      const counts = random(round)
        .split(rows, columns)
        .integers(rows * columns, round % 2 === 0 ? 4 : 100);
      const classOf = await hungarian({ rows, columns, counts });
      const given = [...classOf].filter((c) => c >= 0);
      expect(new Set(given).size).toBe(given.length);
      expect(given.length).toBe(Math.min(rows, columns));
      expect(right(counts, columns, classOf)).toBe(bruteForce(counts, rows, columns));
    }
  });

  it('survives a table of zeros', async () => {
    const classOf = await hungarian({ rows: 2, columns: 2, counts: new Int32Array(4) });
    expect([...classOf].sort()).toEqual([0, 1]);
    expect(accuracy({ rows: 2, columns: 2, counts: new Int32Array(4) }, classOf)).toBe(0);
  });

  it('gives accuracy as a share of all items, those in clusters left over included', async () => {
    const counts = table([0, 0, 0, 1, 1, 1], [0, 0, 2, 1, 1, 1]);
    const classOf = await hungarian(counts);
    expect([...classOf]).toEqual([0, 1, -1]);
    expect(accuracy(counts, classOf)).toBeCloseTo(5 / 6, 12);
  });

  it('by majority lets several clusters stand for one class', () => {
    const counts = table([0, 0, 0, 1, 1, 1], [0, 0, 2, 1, 1, 1]);
    expect([...majority(counts)]).toEqual([0, 1, 0]);
    expect(accuracy(counts, majority(counts))).toBe(1);
    expect([...majority(confusion(Int32Array.of(0), 1, Int32Array.of(0), 2))]).toEqual([0, -1]);
  });
});

const right = (counts: Int32Array, columns: number, classOf: Int32Array): number =>
  classOf.reduce((sum, row, column) => (row < 0 ? sum : sum + counts[row * columns + column]!), 0);

/** The most items that a one-to-one matching can get right, by trying all. */
function bruteForce(counts: Int32Array, rows: number, columns: number): number {
  const best = (column: number, used: number): number => {
    if (column === columns) return 0;
    let most = best(column + 1, used);
    for (let row = 0; row < rows; row++) {
      if (!(used & (1 << row))) most = Math.max(most, counts[row * columns + column]! + best(column + 1, used | (1 << row)));
    }
    return most;
  };
  return best(0, 0);
}

describe('confusion', () => {
  it('leaves out items without a label or a prediction', () => {
    expect([...confusion(Int32Array.of(0, -1, 1, 1), 2, Int32Array.of(1, 0, 1, -1), 2).counts]).toEqual([0, 1, 0, 1]);
  });

  it('refuses lists of different length', () => {
    expect(() => confusion(new Int32Array(2), 1, new Int32Array(3), 1)).toThrow('2 labels but 3 predictions');
  });
});

describe('figures of each class', () => {
  it('are those of scikit-learn', () => {
    const counts = table([0, 0, 1, 1, 2, 2, 2], [0, 1, 1, 1, 2, 0, 2]);
    const scores = perClass(counts, Int32Array.of(2, 2, 3), ['a', 'b', 'c']);
    expect(scores.map(({ precision }) => precision)).toEqual([0.5, 2 / 3, 1]);
    expect(scores.map(({ recall }) => recall)).toEqual([0.5, 1, 2 / 3]);
    for (const [c, f1] of [0.5, 0.8, 0.8].entries()) expect(scores[c]!.f1).toBeCloseTo(f1, 12);
  });

  it('are 0 for a class that is never predicted', () => {
    expect(perClass({ rows: 1, columns: 1, counts: Int32Array.of(0) }, Int32Array.of(3), ['a'])[0]).toEqual({
      class: 'a',
      precision: 0,
      recall: 0,
      f1: 0,
      count: 3,
    });
  });
});

describe('neighbour purity', () => {
  it('is the share of neighbours with the label of the image, itself not counted', () => {
    expect(neighbourPurity(Int32Array.of(0, 1, 2, 1, 0, 2, 2, 0, 1), 3, Int32Array.of(0, 0, 1))).toBeCloseTo(2 / 6, 12);
  });

  it('does not count pairs without labels, and is undefined without any', () => {
    expect(neighbourPurity(Int32Array.of(0, 1, 1, 2, 2, 1), 2, Int32Array.of(0, 0, -1))).toBe(1);
    expect(neighbourPurity(Int32Array.of(0, 1, 1, 0), 2, Int32Array.of(-1, -1))).toBeUndefined();
  });
});
