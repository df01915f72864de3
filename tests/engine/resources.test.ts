// Who gets what is free, and when.
import { expect, test } from 'vitest';
import { amountOf, createResources } from '../../engine/resources.ts';

/** Asks for amounts and notes the name when they are granted. */
function asker(totals: { readonly [name: string]: number }, slots?: number) {
  const { acquire, amounts } = createResources(totals, slots);
  const granted: string[] = [];
  const held = new Map<string, () => void>();
  return {
    granted,
    async ask(name: string, wanted: Parameters<typeof amounts>[0], turn = 0) {
      void acquire(amounts(wanted), turn).then((release) => {
        granted.push(name);
        held.set(name, release);
      });
      await new Promise(setImmediate);
    },
    async release(name: string) {
      held.get(name)!();
      await new Promise(setImmediate);
    },
  };
}

test('among those that wait the lowest turn goes first, and equal turns by arrival', async () => {
  const { ask, release, granted } = asker({ cpu: 1 });
  await ask('running', { cpu: 1 });
  await ask('late', { cpu: 1 }, 2);
  await ask('soon', { cpu: 1 }, 1);
  await ask('soon too', { cpu: 1 }, 1);
  for (const name of ['running', 'soon', 'soon too']) await release(name);
  expect(granted).toEqual(['running', 'soon', 'soon too', 'late']);
});

test('what the first cannot use yet is kept for it; what it does not want goes to others', async () => {
  const { ask, release, granted } = asker({ cpu: 4, gpu: 1 });
  await ask('training', { cpu: 1, gpu: 1 });
  await ask('all', { cpu: 'all' }, 1);
  await ask('small', { cpu: 1 }, 2);
  await ask('gpu only', { gpu: 1 }, 3);
  expect(granted).toEqual(['training']);
  await release('training');
  expect(granted).toEqual(['training', 'all', 'gpu only']);
  await release('all');
  expect(granted).toEqual(['training', 'all', 'gpu only', 'small']);
});

test('slots bound how many hold at once, whatever they want', async () => {
  const { ask, release, granted } = asker({ cpu: 8 }, 2);
  for (const name of ['a', 'b', 'c']) await ask(name, { cpu: 1 });
  expect(granted).toEqual(['a', 'b']);
  await release('a');
  expect(granted).toEqual(['a', 'b', 'c']);
});

test('memory is counted in bytes, and who wants more than there is runs alone', async () => {
  const { ask, release, granted } = asker({ memory: 4e9 });
  await ask('half', { memory: '2GB' });
  await ask('huge', { memory: '64GB' });
  expect(granted).toEqual(['half']);
  await release('half');
  expect(granted).toEqual(['half', 'huge']);
});

test('amounts are numbers, all, or bytes with a unit; anything else is a sentence', () => {
  expect([amountOf('memory', '1.5GB'), amountOf('memory', '10MB'), amountOf('cpu', 2), amountOf('cpu', 'all')]).toEqual([
    1.5e9,
    1e7,
    2,
    Infinity,
  ]);
  expect(() => amountOf('memory', '2 cows')).toThrow('"2 cows" is no amount of memory.');
  expect(() => amountOf('cpu', -1)).toThrow('-1 is no amount of cpu.');
});
