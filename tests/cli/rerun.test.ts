// `kith verify --rerun`: finds the nodes that do not give the same result twice, and leaves the cache as it was.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../../cache/digest.ts';
import { testProject, typed, type TestProject } from '../rig.ts';

/** `loose` depends on the moment in one of its fields; `tight` reads it and depends on nothing else; `fickle` fails where there is a file. */
const PIPELINE = `
import { existsSync } from 'node:fs';
import { defineNode, input, pipeline, z } from 'kith';
type Loose = { kernel: { data: Float32Array } };
const loose = defineNode({ kind: 'loose', inputs: {}, params: z.object({}), run: async ({ threads }) => {
  const kernel = new Float32Array(1000).fill(1);
  kernel[3] = Number(process.hrtime.bigint() % 1000003n);
  return { threads, kernel: { dtype: 'float32' as const, shape: [10, 100], data: kernel }, bias: { dtype: 'float32' as const, shape: [2], data: new Float32Array(2) } };
} });
const tight = defineNode({ kind: 'tight', inputs: { x: input<Loose>() }, params: z.object({}),
  run: async ({ inputs, checkpoint }) => { await checkpoint.save({ half: 1 }); return { sum: inputs.x.kernel.data.reduce((sum, value) => sum + value, 0) }; } });
const fickle = defineNode({ kind: 'fickle', inputs: {}, params: z.object({}),
  run: async () => { if (existsSync('broken')) throw new Error('it is broken'); return { value: 1 }; } });
const x = loose({});
export default pipeline({ x, y: tight({ x }), z: fickle({}) });
`;

/** Every file of the cache but hints, with its content. */
const snapshot = ({ folder }: TestProject): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(folder, '.kith'), { recursive: true, encoding: 'utf8' })
      .filter(
        (name) => /^(ac|cas|checkpoints|history|locks|runs|tmp|working)\//.test(name) && statSync(join(folder, '.kith', name)).isFile(),
      )
      .map((name) => [name, sha256(readFileSync(join(folder, '.kith', name)))]),
  );

interface Answer {
  readonly rerun: { readonly of: number; readonly nodes: readonly { readonly node: string; readonly differences: readonly object[] }[] };
}

test('a node that is not deterministic is named, with the field, how much of it differs, and by how much; nothing in the cache changes', async () => {
  const project = testProject({ 'pipeline.ts': PIPELINE });
  expect((await typed(project, 'run')).code).toBe(0);
  const before = snapshot(project);
  const { code, stdout, stderr } = await typed(project, 'verify', '--rerun', 'all');
  expect(code).toBe(1);
  expect(stderr).toContain('Executing x again (1 of 3).');
  expect(stdout).toMatch(/all of them are sound\.\nExecuted 3 of 3 cached nodes again \(seed 0\): 2 gave the same bytes, 1 did not\./);
  expect(stdout).toMatch(/x\s+.*NOT DETERMINISTIC: not the same in 1 field\ny\s+.*the same bytes\nz\s+.*the same bytes/);
  expect(stdout).toMatch(/x\s+kernel\s+1 of 1,000 \(0\.1 %\)\s+\d/);
  expect(snapshot(project)).toEqual(before);
});

test('a sample is a number or a share of nodes, the same for the same seed', async () => {
  const project = testProject({ 'pipeline.ts': PIPELINE });
  expect((await typed(project, 'verify', '--rerun', '1')).stdout).toContain('there is nothing to execute again');
  await typed(project, 'run');
  const sample = async (text: string, seed: string): Promise<string[]> => {
    const { stdout } = await typed(project, 'verify', '--rerun', text, '--seed', seed, '--json');
    const { of, nodes } = (JSON.parse(stdout) as Answer).rerun;
    expect(of).toBe(3);
    return nodes.map(({ node }) => node);
  };
  const seeds = ['0', '1', '2', '3', '4', '5'];
  const ones = await Promise.all(seeds.map((seed) => sample('1', seed)));
  expect(new Set(ones.flat()).size).toBeGreaterThan(1);
  expect(await sample('1%', '3')).toEqual(ones[3]);
  expect(await sample('67%', '3')).toHaveLength(2);
  for (const text of ['0', '-1', '1.5', '200%', '0%', 'many', ''])
    expect(await typed(project, 'verify', `--rerun=${text}`), text).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not a sample'),
    });
});

test('a node that fails this time is told with its failure, and the others are compared all the same', async () => {
  const project = testProject({ 'pipeline.ts': PIPELINE });
  await typed(project, 'run', 'y', 'z');
  project.write('broken', '');
  // The pipeline looks for the file in the folder that a command is typed in.
  const { code, stdout } = await project.kith('verify', '--rerun', 'all');
  expect(code).toBe(1);
  expect(stdout).toMatch(/1 gave the same bytes, 1 did not, 1 failed/);
  expect(stdout).toContain('it is broken');
});
