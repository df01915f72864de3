// What the command line says of changes: before anything runs, and between two runs.
import { expect, test } from 'vitest';
import { DIAMOND, DIAMOND_FILES } from '../engine/puppets.ts';
import { testProject, typed } from '../rig.ts';

const names = async (project: ReturnType<typeof testProject>): Promise<string[]> => {
  const { runs } = JSON.parse((await typed(project, 'runs', '--json')).stdout) as { runs: { run: string }[] };
  return runs.map(({ run }) => run).reverse();
};

test('a helper two files away is named before anything runs, and between the two runs around its edit', async () => {
  const project = testProject({
    ...DIAMOND_FILES,
    'helper.ts': `import { step } from './lib/step.ts';\nexport const add = (left: number, right: number): number => step(left, right);\n`,
    'lib/step.ts': `import { scale } from './scale.ts';\nexport const step = (left: number, right: number): number => left + scale(right);\n`,
    'lib/scale.ts': `export function scale(value: number): number { return value * 2; }\n`,
  });
  await typed(project, 'run');
  project.write('lib/scale.ts', `export function scale(value: number): number { return value * 3; }\n`);
  expect((await typed(project, 'why', 'b')).stdout).toMatch(/^b is stale\.\n {2}code lib\/scale\.ts#scale changed/);
  expect((await typed(project, 'plan')).stdout).toMatch(
    /b +stale .* code lib\/scale\.ts#scale changed\n[\s\S]*d +unknown .* unknown until b has run/,
  );
  await typed(project, 'run', '--set', 'a.value=5');
  const [first, second] = (await names(project)) as [string, string];
  const { stdout } = await typed(project, 'why', first, second);
  expect(stdout).toBe(
    `From ${first} to ${second}: 4 of 4 nodes differ.
a
  params.value 3 → 5
b
  code lib/scale.ts#scale changed
  inputs.x changed
c
  follows from a
  and the same came out of it
d
  follows from b
`,
  );
  const diff = await typed(project, 'diff');
  expect(diff.stdout).toMatch(/a\.value +3 +5\n/);
  expect(diff.stdout).toMatch(/b\.value +11 +17 +\+6\n/);
  expect(diff.stdout).toContain('b: code lib/scale.ts#scale changed');
  expect(JSON.parse((await typed(project, 'diff', first, second, '--json')).stdout)).toEqual(
    JSON.parse((await typed(project, 'why', first, second, '--json')).stdout),
  );
  expect((await typed(project, 'diff', second)).stdout).toContain('are the same');
});

test('two runs that are not there, or too many names, are a sentence', async () => {
  const project = testProject({ ...DIAMOND_FILES, 'pipeline.ts': DIAMOND });
  expect(await typed(project, 'diff')).toMatchObject({ code: 2, stderr: expect.stringContaining('no two runs yet') as string });
  expect(await typed(project, 'why', 'x', 'y')).toMatchObject({ code: 2, stderr: expect.stringContaining('no run x') as string });
  expect(await typed(project, 'why', 'x', 'y', 'z')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('one node, or two runs') as string,
  });
});
