// A precision is had as asked for, or refused with the device that has it.
import { expect, test } from 'vitest';
import { chooseExecutor } from '../../../nodes/tensor/choose.ts';
import { onnx } from '../../../nodes/tensor/onnx/session.ts';
import '@tensorflow/tfjs-backend-cpu';
import { eagerExecutor } from '../../../nodes/tensor/tfjs/eager.ts';
import { traceStep } from '../../../nodes/tensor/trace.ts';
import { precision } from '../../../nodes/training/params.ts';

const trace = traceStep((state) => ({ state, results: {} }), { state: { w: { shape: [2], dtype: 'float32' } }, feeds: {} });

test.each([['onnx', onnx], ['tfjs', eagerExecutor('cpu')]])('%s refuses bf16 and names the device that has it', async (name, executor) => {
  const refused = executor.compile(trace, { threads: 1, precision: 'bf16' });
  await expect(refused).rejects.toThrow(new RegExp(`^The device "${name}" cannot compute in bf16[^]*--device tensorflow`));
  await (await executor.compile(trace, { threads: 1, precision: 'fp32' })).dispose();
}); // prettier-ignore

test('auto with bf16 is TensorFlow, or why there is none', async () => {
  const outcome = await chooseExecutor('auto', 'bf16').then(({ name }) => name, (error: Error) => error.message); // prettier-ignore
  expect(outcome).toMatch(/^tensorflow$|^No TensorFlow library was found|does not load/);
});

test('fp32 is the default, and no other precision is known', () => {
  expect(precision.parse(undefined)).toBe('fp32');
  expect(precision.parse('bf16')).toBe('bf16');
  expect(precision.safeParse('fp16').success).toBe(false);
});
