// The engine on puppet nodes: what runs, in which order, and what a failure or an interrupt leaves. Random DAGs against a few lines of interpreter.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineNode, input, manyInputs, type Handle } from '../../engine/define-node.ts';
import { pipeline, type Pipeline } from '../../engine/pipeline.ts';
import { stage } from './stage.ts';

interface Value {
  readonly value: number;
}

const constant = defineNode({
  kind: 'constant',
  inputs: {},
  params: z.object({ value: z.number().default(0) }),
  run: async ({ params }): Promise<Value> => ({ value: params.value }),
});
const sum = defineNode({
  kind: 'sum',
  inputs: { terms: manyInputs<Value>() },
  params: z.object({ plus: z.number().default(0), modulo: z.number().default(1e9), fail: z.boolean().default(false) }),
  run: async ({ inputs, params }): Promise<Value> => {
    if (params.fail) throw new Error('told to fail');
    return { value: (Object.values(inputs.terms).reduce((total, { value }) => total + value, 0) + params.plus) % params.modulo };
  },
});
const dice = defineNode({
  kind: 'dice',
  inputs: {},
  params: z.object({}),
  seeded: true,
  run: async ({ seed }): Promise<Value> => ({ value: seed % 6 }),
});
const negate = defineNode({
  kind: 'negate',
  inputs: { of: input<Value>() },
  params: z.object({}),
  run: async ({ inputs }): Promise<Value> => ({ value: -inputs.of.value }),
});

test('a chain runs in order, then not at all', async () => {
  const { run } = await stage();
  const a = constant({}, { value: 1 });
  const b = negate({ of: a });
  const made = pipeline({ a, b, c: negate({ of: b }) });
  expect((await run(made)).executed).toEqual(['a', 'b', 'c']);
  const second = await run(made);
  expect(second.executed).toEqual([]);
  expect([...second.results.values()].map(({ state }) => state)).toEqual(['cached', 'cached', 'cached']);
});

test('equal results stop the wave, and the plan says unknown until then', async () => {
  const { run, plan } = await stage();
  const make = (value: number): Pipeline => {
    const a = constant({}, { value });
    const b = sum({ terms: { a } }, { modulo: 2 });
    return pipeline({ a, b, c: negate({ of: b }) });
  };
  await run(make(3));
  expect([...plan(make(5)).values()].map(({ shown }) => shown.state)).toEqual(['stale', 'unknown', 'unknown']);
  expect((await run(make(5))).executed).toEqual(['a', 'b']);
  expect([...plan(make(5)).values()].every(({ shown }) => shown.state === 'cached')).toBe(true);
});

test('a change of code runs the nodes of that kind, with a reason that names the declaration', async () => {
  const { run, plan } = await stage();
  const a = constant({}, { value: 1 });
  const made = pipeline({ a, b: negate({ of: a }) });
  await run(made);
  const code = { negate: 'other' };
  expect(plan(made, { code }).get('b')!.shown.reason).toMatchObject({ why: 'changed', text: 'code negate.ts#run changed' });
  expect((await run(made, { code })).executed).toEqual(['b']);
});

test('the seed is part of the key of seeded nodes only, and reaches them', async () => {
  const { run } = await stage();
  const a = constant({}, { value: 1 });
  const d = dice({});
  const make = (seed: number): Pipeline => pipeline({ a, d, s: sum({ terms: { a, d } }) }, { seed });
  expect([...(await run(make(0))).executed].sort()).toEqual(['a', 'd', 's']);
  expect((await run(make(1))).executed).not.toContain('a');
  expect((await run(make(0), { variants: [{ seed: 1 }] })).executed).toEqual([]);
});

test('a failure skips descendants only', async () => {
  const { run } = await stage();
  const a = constant({}, { value: 1 });
  const bad = sum({ terms: { a } }, { fail: true });
  const result = await run(pipeline({ a, bad, after: negate({ of: bad }), beside: negate({ of: a }) }));
  expect(Object.fromEntries([...result.results].map(([name, { state }]) => [name, state]))).toEqual({
    a: 'executed',
    bad: 'failed',
    after: 'skipped',
    beside: 'executed',
  });
  expect(result.events.find(({ event }) => event === 'node-failed')).toMatchObject({ node: 'bad', failure: { headline: 'told to fail' } });
});

test('without keepGoing nothing more starts after a failure', async () => {
  const { run } = await stage();
  const a = constant({}, { value: 1 });
  const bad = sum({ terms: { a } }, { fail: true });
  const beside = negate({ of: negate({ of: a }) });
  const result = await run(pipeline({ a, bad, beside }), { jobs: 1, keepGoing: false });
  expect(result.executed).toEqual(['a', 'negate']);
  expect(result.events.find(({ event }) => event === 'node-skipped')).toMatchObject({ node: 'beside', because: 'bad' });
});

test('a node that fails is tried again after growing pauses, as often as it may be', async () => {
  const { run } = await stage();
  const failures = { left: 0 };
  const flaky = defineNode({
    kind: 'flaky',
    inputs: {},
    params: z.object({ number: z.number() }),
    retries: 3,
    backoff: 0.5,
    run: async () => {
      if (failures.left > 0) throw new Error(`${(failures.left -= 1)} more to come`);
      return { value: 1 };
    },
  });
  failures.left = 2;
  const first = await run(pipeline({ flaky: flaky({}, { number: 1 }) }));
  expect(first.results.get('flaky')!.state).toBe('executed');
  expect(first.pauses).toEqual([0.5, 1]);
  const told = first.events.flatMap((event) => (event.event === 'node-retried' ? [`${event.attempt} of ${event.of}`] : []));
  expect(told).toEqual(['1 of 4', '2 of 4']);
  failures.left = 9;
  const second = await run(pipeline({ flaky: flaky({}, { number: 2 }) }, { settings: { flaky: { retries: 1 } } }));
  expect(second.results.get('flaky')).toMatchObject({ state: 'failed', failure: { headline: '7 more to come' } });
  expect(second.pauses).toEqual([0.5]);
});

test('how a node is run is not part of its key', async () => {
  const { run } = await stage();
  const a = constant({}, { value: 1 });
  await run(pipeline({ a }));
  expect((await run(pipeline({ a }, { settings: { a: { retries: 5, timeout: 9, resources: { memory: '2GB' } } } }))).executed).toEqual([]);
});

test('settings that make no sense, or of no node, are sentences', async () => {
  const { plan } = await stage();
  const a = constant({}, { value: 1 });
  expect(() => plan(pipeline({ a }, { settings: { b: {} } }))).toThrow('There are settings for "b", which is no node of the pipeline.');
  expect(() => plan(pipeline({ a }, { settings: { a: { retries: -1 } } }))).toThrow('retries of the node "a" must be a whole number');
  expect(() => plan(pipeline({ a }, { settings: { a: { timeout: 0 } } }))).toThrow('timeout of the node "a" must be');
});

test('+node is a node with what it reads, node+ with what reads it', async () => {
  const { run } = await stage();
  const a = constant({}, { value: 1 });
  const b = negate({ of: a });
  const made = pipeline({ a, b, c: negate({ of: b }), d: constant({}, { value: 2 }) });
  expect((await run(made, { targets: ['b+'] })).executed).toEqual(['a', 'b', 'c']);
  expect((await run(made, { targets: ['+d'] })).executed).toEqual(['d']);
});

test('resources bound what runs at once, and a node that wants everything gets its turn', async () => {
  const { run } = await stage();
  let holds = 0;
  let most = 0;
  const greedy = defineNode({
    kind: 'greedy',
    inputs: {},
    params: z.object({ number: z.number() }),
    resources: { cpu: 'all' },
    run: async ({ threads, params }) => {
      holds += 1;
      most = Math.max(most, holds);
      await new Promise(setImmediate);
      holds -= 1;
      return { threads, number: params.number };
    },
  });
  const many = Object.fromEntries(Array.from({ length: 8 }, (_, number) => [`g${number}`, greedy({}, { number }) as Handle]));
  const free = Object.fromEntries(Array.from({ length: 8 }, (_, value) => [`c${value}`, constant({}, { value }) as Handle]));
  const { results } = await run(pipeline([many, free]), { jobs: 8, resources: { cpu: 4 } });
  expect(most).toBe(1);
  expect([...results.values()].every(({ state }) => state === 'executed')).toBe(true);
});

test('an interrupt lets the running node stop at its checkpoint; the next run continues from there', async () => {
  const { run } = await stage();
  const stop = new AbortController();
  const counted: number[] = [];
  const epochs = defineNode({
    kind: 'epochs',
    inputs: {},
    params: z.object({}),
    run: async ({ checkpoint, signal }) => {
      const state = ((await checkpoint.load()) as { epoch: number } | undefined) ?? { epoch: 0 };
      for (let epoch = state.epoch; epoch < 10; epoch += 1) {
        counted.push(epoch);
        await checkpoint.save({ epoch: epoch + 1 });
        if (epoch === 3) stop.abort();
        signal.throwIfAborted();
      }
      return { done: true };
    },
  });
  const e = epochs({});
  const made = pipeline({ e, after: negate({ of: e as unknown as Handle<Value> }) });
  const first = await run(made, { signal: stop.signal });
  expect([...first.results.values()].map(({ state }) => state)).toEqual(['interrupted', 'interrupted']);
  const second = await run(made);
  expect(second.results.get('e')!.state).toBe('executed');
  expect(counted).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('random DAGs agree with a plain interpreter, run after run, and execute exactly the nodes whose key is new', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const draw = generator(seed);
    const { run } = await stage();
    const seen = new Set<string>();
    const shape = Array.from({ length: 12 }, (_, at) => Array.from({ length: at }, (_, from) => from).filter(() => draw(3) === 0));
    for (let round = 0; round < 4; round += 1) {
      const plus = shape.map(() => draw(3));
      const handles: Handle<Value>[] = [];
      shape.forEach((sources, at) =>
        handles.push(
          sum({ terms: Object.fromEntries(sources.map((from) => [`t${from}`, handles[from]!])) }, { plus: plus[at]!, modulo: 5 }),
        ),
      );
      // The interpreter: values by definition, and the keys by what a node can see.
      const values: number[] = [];
      const fresh = shape.filter((sources, at) => {
        values.push((sources.reduce((total, from) => total + values[from]!, 0) + plus[at]!) % 5);
        const key = JSON.stringify([plus[at], sources.map((from) => [from, values[from]])]);
        return !seen.has(key) && seen.add(key);
      });
      const { executed, results } = await run(pipeline(Object.fromEntries(handles.map((handle, at) => [`n${at}`, handle]))));
      expect(executed.length, `seed ${seed}, round ${round}`).toBe(fresh.length);
      const again = await run(pipeline(Object.fromEntries(handles.map((handle, at) => [`n${at}`, handle]))));
      expect(again.executed, `seed ${seed}, round ${round}`).toEqual([]);
      expect(again.results.size).toBe(results.size);
    }
  }
});

test('random DAGs with failures, flaky and random nodes and interrupts end as a plain interpreter says', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const draw = generator(seed);
    const { run } = await stage();
    const count = 10;
    const fates = Array.from({ length: count }, () => (['well', 'well', 'well', 'flaky', 'broken', 'random'] as const)[draw(6)]!);
    const sources = fates.map((_, at) => Array.from({ length: at }, (__, from) => from).filter(() => draw(4) === 0));
    const interruptAt = draw(3) === 0 ? draw(count) : undefined;
    const keepGoing = draw(2) === 0;
    const stop = new AbortController();
    const attempts = fates.map(() => 0);
    let tick = 0;
    const wild = defineNode({
      kind: 'wild',
      inputs: { terms: manyInputs<Value>() },
      params: z.object({ at: z.number() }),
      retries: 1,
      run: async ({ params: { at }, signal }): Promise<Value> => {
        attempts[at]! += 1;
        for (let turn = draw(3); turn > 0; turn -= 1) await new Promise(setImmediate);
        if (at === interruptAt) stop.abort();
        signal.throwIfAborted();
        if (fates[at] === 'broken' || (fates[at] === 'flaky' && attempts[at] === 1)) throw new Error('as its fate is');
        return { value: fates[at] === 'random' ? (tick += 1) : at };
      },
    });
    const handles: Handle<Value>[] = [];
    sources.forEach((from, at) => handles.push(wild({ terms: Object.fromEntries(from.map((f) => [`t${f}`, handles[f]!])) }, { at })));
    const made = pipeline(Object.fromEntries(handles.map((handle, at) => [`n${at}`, handle])));
    const { results, events } = await run(made, { signal: stop.signal, keepGoing, jobs: 1 + draw(3) });
    const state = (at: number): string => results.get(`n${at}`)!.state;
    const label = `seed ${seed}`;

    // What must hold whatever the order: nobody runs before or without its inputs, nothing fails that should not, nothing is tried too often.
    fates.forEach((fate, at) => {
      if (state(at) === 'executed') expect(sources[at]!.map(state), label).toEqual(sources[at]!.map(() => 'executed'));
      if (state(at) === 'failed') expect(fate, label).toBe('broken');
      expect(attempts[at], label).toBeLessThanOrEqual(fate === 'broken' || fate === 'flaky' ? 2 : 1);
    });
    // Without an interrupt the interpreter knows every end.
    if (interruptAt === undefined && keepGoing) {
      const ends: string[] = [];
      fates.forEach((fate, at) => {
        const fed = sources[at]!.every((from) => ends[from] === 'executed');
        ends.push(!fed ? 'skipped' : fate === 'broken' ? 'failed' : 'executed');
      });
      expect(fates.map((_, at) => state(at)), label).toEqual(ends); // prettier-ignore
    }
    // Every node ends once, and what was made is not made again.
    const ended = events.filter(({ event }) => /^node-(finished|failed|cached|skipped|interrupted)$/.test(event));
    expect(new Set(ended.map((event) => 'node' in event && event.node)).size, label).toBe(ended.length);
    const before = [...attempts];
    const again = await run(made, { keepGoing: true });
    fates.forEach((_, at) => {
      if (state(at) === 'executed') expect([again.results.get(`n${at}`)!.state, attempts[at]], label).toEqual(['cached', before[at]]);
    });
  }
});

/** Whole numbers below a bound, from a linear congruential generator. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
