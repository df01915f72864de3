// Training takes no more memory the longer it lasts: tensors are counted, and the process is weighed.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { adam } from '../../../nodes/training/optimizer.ts';
import type { Arrays, Program } from '../../../nodes/tensor/executor.ts';
import { eagerExecutor } from '../../../nodes/tensor/tfjs/eager.ts';
import { open, setup, tinyDigits } from './cases/steps.ts';
import { COMPILED } from './executors.ts';

/** Until pools and caches are filled. */
const WARM = 300;
/** Bytes that a process may gain without reason; a state that is kept at each step would be 20 MB. */
const NOISE = 8 * 2 ** 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Runs that many steps, taking away now and then what nobody needs: a tensor's memory is freed in the turn after it is collected. */
async function train(program: Program, feeds: Arrays, steps: number): Promise<void> {
  for (let step = 1; step <= steps; step++) {
    await program.run(feeds);
    if (step % 100 !== 0) continue;
    collect();
    await new Promise((turn) => setImmediate(turn));
  }
}

test.each(COMPILED)('a thousand steps on $name end as heavy as they began', async ({ executor }) => {
  const it = setup(tinyDigits, adam());
  const program = await open(it, executor);
  await program.write(it.state);
  const tensors = tf.memory().numTensors;
  await train(program, it.feeds(1), WARM);
  const before = process.memoryUsage.rss();
  await train(program, it.feeds(1), 1000);
  expect(process.memoryUsage.rss() - before).toBeLessThan(NOISE);
  expect(tf.memory().numTensors).toBe(tensors);
  await program.dispose();
});

test('the interpreter holds as many tensors after each step, and none in the end', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  const it = setup(tinyDigits, adam());
  const program = await open(it, eagerExecutor('cpu'));
  await program.write(it.state);
  const held = tf.memory().numTensors;
  for (let step = 1; step <= 3; step++) {
    await program.run(it.feeds(step));
    expect(tf.memory().numTensors).toBe(held);
  }
  await program.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
