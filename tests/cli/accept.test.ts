// A result accepted for a key under which it was not made: used, told of everywhere, for one node and one pair of keys, and taken back.
import { expect, test } from 'vitest';
import { DIAMOND, DIAMOND_FILES } from '../engine/puppets.ts';
import { executed, testProject, typed, type TestEvent, type TestProject } from '../rig.ts';

/** Runs the project; the nodes that were executed. */
async function ran(project: TestProject): Promise<string[]> {
  const { stdout } = await typed(project, 'run', '--json');
  return executed(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TestEvent),
  );
}

const CHANGED = 'export function add(left: number, right: number): number {\n  return left + right + 1;\n}\n';
const CHANGED_AGAIN = CHANGED.replace('+ 1', '+ 2');

test('an accepted result is used and said to be so, until it is taken back or the key changes once more', async () => {
  const project = testProject(DIAMOND_FILES);
  await typed(project, 'run');
  project.write('helper.ts', CHANGED);
  const { stdout } = await typed(project, 'accept', 'b');
  expect(stdout).toMatch(
    /^b: the result made under the key [0-9a-f]{32} is accepted for [0-9a-f]{32}, although\n {2}code helper\.ts#add changed\n/,
  );

  expect((await typed(project, 'plan')).stdout).toMatch(/b +accepted .*although code helper\.ts#add changed\n[\s\S]*Nothing to run/);
  expect((await typed(project, 'status')).stdout).toMatch(/b +accepted/);
  expect((await typed(project, 'why', 'b')).stdout).toMatch(
    /b is cached\.[\s\S]*Accepted .* from the key [0-9a-f]{32}, although\n {4}code helper\.ts#add changed/,
  );
  const run = (await typed(project, 'run')).stdout;
  expect(run).toMatch(/accepted +b +value 7/);
  expect(run).toMatch(/! b: accepted on .* although code helper\.ts#add changed/);
  expect(run).toContain('0 executed, 4 cached');

  project.write('helper.ts', CHANGED_AGAIN);
  expect((await typed(project, 'plan')).stdout).toMatch(/b +stale/);
  project.write('helper.ts', CHANGED);
  expect((await typed(project, 'accept', '--undo', 'b')).stdout).toContain('It is stale again');
  expect((await typed(project, 'why', 'b')).stdout).toMatch(/b is stale\.\n {2}code helper\.ts#add changed/);
  expect(await ran(project)).toEqual(['b', 'd']);
  project.write('helper.ts', DIAMOND_FILES['helper.ts']);
  expect((await typed(project, 'run')).stdout).toMatch(/cached +b +value 7[\s\S]*0 executed/);
});

test('another node that comes to the same key runs, and its result is then the one that counts', async () => {
  const project = testProject({
    ...DIAMOND_FILES,
    'pipeline.ts': DIAMOND.replace(
      'export default pipeline({ a, b, c, d });',
      'const same = total({ terms: { a } });\nexport default pipeline({ a, b, c, d, same, twin: plus({ x: same }, { amount: 4 }) });',
    ),
  });
  expect(await ran(project)).toHaveLength(5);
  project.write('helper.ts', CHANGED);
  expect((await typed(project, 'accept', 'twin')).code).toBe(0);
  const plan = (await typed(project, 'plan')).stdout;
  expect(plan).toMatch(/b +stale/);
  expect(plan).toMatch(/twin +accepted/);
  expect(await ran(project)).toEqual(['b', 'd']);
  expect((await typed(project, 'plan')).stdout).toMatch(/twin +cached/);
});

test('where there is nothing to accept or to take back, a sentence says so', async () => {
  const project = testProject(DIAMOND_FILES);
  const refusals: [string[], RegExp][] = [
    [['accept', 'a'], /no result that could be accepted[\s\S]*has not run before/],
    [['accept', 'b'], /What "b" reads is not known yet[\s\S]*unknown until a has run/],
    [['accept', 'bb'], /no node "bb"/],
    [['accept', '--undo', 'a'], /stands on no acceptance[\s\S]*It is stale/],
  ];
  for (const [words, message] of refusals) {
    const { stderr, code } = await typed(project, ...words);
    expect(stderr, words.join(' ')).toMatch(message);
    expect(code, words.join(' ')).toBe(2);
  }
  await typed(project, 'run');
  expect(await typed(project, 'accept', 'b')).toMatchObject({ code: 2, stderr: expect.stringContaining('"b" is cached') as string });
});
