// What ran the tensors of a node stands in its record, with library and version.
import { expect, test } from 'vitest';
import { notingExecutors } from '../../engine/device.ts';
import { chooseExecutor } from '../../nodes/tensor/choose.ts';
import { testProject, typed } from '../rig.ts';

test('an executor that a node takes is noted with its library, once, and only while the node runs', async () => {
  const { version } = await chooseExecutor('onnx');
  expect(await notingExecutors(() => 1)).toEqual({ value: 1, used: {} });
  const twice = await notingExecutors(async () => [await chooseExecutor('onnx'), await chooseExecutor('onnx')]);
  expect(twice.used).toEqual({ executor: 'onnx', library: version });
  expect(version).toMatch(/^onnxruntime-node \d+\.\d+\.\d+/);
});

test('kith show tells device, executor, library, threads, Node and platform of a result, of a node without tensors too', async () => {
  const project = testProject({
    'pipeline.ts': `
import { channel } from 'node:diagnostics_channel';
import { defineNode, input, pipeline, z } from 'kith';
const tensors = defineNode({ kind: 'tensors', inputs: {}, params: z.object({}),
  run: async () => { channel('kith.executor').publish({ executor: 'abacus', library: 'beads 1.2.3' }); return { value: 1 }; } });
const plain = defineNode({ kind: 'plain', inputs: { x: input<{ value: number }>() }, params: z.object({}), run: async ({ inputs }) => ({ value: inputs.x.value }) });
const x = tensors({});
export default pipeline({ x, y: plain({ x }) });
`,
  });
  expect((await typed(project, 'run')).code).toBe(0);
  const environment = async (node: string): Promise<object> =>
    (JSON.parse((await typed(project, 'show', node, '--json')).stdout) as { readonly environment: object }).environment;
  const machine = { threads: 1, node: process.version, platform: `${process.platform}-${process.arch}` };
  expect(await environment('x')).toEqual({ device: 'auto', executor: 'abacus', library: 'beads 1.2.3', ...machine });
  expect(await environment('y')).toEqual({ device: 'auto', ...machine });
  const { stdout } = await typed(project, 'show', 'x');
  expect(stdout).toContain(`\nmade on abacus (beads 1.2.3), 1 thread, node ${machine.node}, ${machine.platform}\n`);
});
