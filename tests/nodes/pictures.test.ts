// Pictures that a report shows: which images hesitate, and the map of an embedding.
import { expect, test } from 'vitest';
import { ndarray } from '../../cache/array.ts';
import { embeddingMap } from '../../nodes/pictures/embedding-map.ts';
import { leastSure } from '../../nodes/pictures/uncertain-sheet.ts';
import { random } from '../../nodes/training/random.ts';

test('the least sure images have the smallest margin between their two best clusters', () => {
  const probabilities = ndarray('float32', [4, 3], Float32Array.of(0.9, 0.1, 0, 0.5, 0.1, 0.4, 0.34, 0.33, 0.33, 0.2, 0.7, 0.1));
  const assigned = ndarray('int32', [4], Int32Array.of(0, 0, 0, 1));
  expect(leastSure({ clusters: 3, assigned, probabilities }, 3)).toEqual([2, 1, 3]);
  expect(leastSure({ clusters: 3, assigned }, 3)).toEqual([]);
});

test('the map keeps two far groups apart, is the same each time, and is coloured by class', async () => {
  const count = 60;
  const noise = random(1).uniform(count * 8, -0.2, 0.2);
  const vectors = ndarray('float32', [count, 8], noise.map((value, at) => value + Number(at % 8 === (Math.floor(at / 8) < count / 2 ? 0 : 1)))); // prettier-ignore
  const labels = ndarray(
    'int32',
    [count],
    Int32Array.from({ length: count }, (_, at) => Number(at >= count / 2)),
  );
  const draw = () => embeddingMap({ type: 'embeddings', vectors, normalised: false }, { labels, classes: ['cat', 'dog & co'] });
  const svg = new TextDecoder().decode((await draw()).bytes);
  expect(svg).toBe(new TextDecoder().decode((await draw()).bytes));
  expect(svg).toContain('dog &#38; co');
  const places = [...svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)" r="3" fill="(#\w+)"/g)].map(([, x, y, fill]) => ({
    x: Number(x),
    y: Number(y),
    fill,
  }));
  expect(places).toHaveLength(count);
  const centre = (fill: string) => {
    const mine = places.filter((place) => place.fill === fill);
    return { x: mine.reduce((sum, { x }) => sum + x, 0) / mine.length, y: mine.reduce((sum, { y }) => sum + y, 0) / mine.length, mine };
  };
  const [a, b] = [centre('#4e79a7'), centre('#f28e2b')];
  const apart = Math.hypot(a.x - b.x, a.y - b.y);
  for (const { mine, x, y } of [a, b]) for (const place of mine) expect(Math.hypot(place.x - x, place.y - y)).toBeLessThan(apart);
});
