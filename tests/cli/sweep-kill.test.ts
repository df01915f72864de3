// A sweep that is killed and stopped in the middle, again and again: what is lost, what is not, and that it ends all the same.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { temporaryFolder, testProject, type TestProject } from '../rig.ts';

/** Writes down each epoch that it begins, where the engine does not look. */
const pipelineWith = (trace: string): string => `
import { appendFileSync } from 'node:fs';
import { defineNode, pipeline, z } from 'kith';
export const train = defineNode({ kind: 'train', inputs: {}, metrics: { loss: { goal: 'min' } },
  params: z.object({ rate: z.number().default(1), epochs: z.int().default(40) }),
  run: async ({ params, checkpoint, signal, log }) => {
    let { epoch, loss } = (await checkpoint.load()) ?? { epoch: 0, loss: 1 };
    while (epoch < params.epochs) {
      signal.throwIfAborted();
      if (params.rate === 3 && epoch === 5) throw new Error('diverged');
      appendFileSync(${JSON.stringify(trace)}, params.rate + ' ' + epoch + '\\n');
      loss = loss * 0.9 + params.rate;
      epoch += 1;
      await checkpoint.save({ epoch, loss });
      log('epoch ' + epoch);
    }
    return { loss };
  },
  summarise: ({ loss }) => ({ metrics: { loss } }) });
export default pipeline({ model: train() });
`;

const JOBS = 2;

/** Starts a command, and does something to it as soon as so many epochs have been told. */
async function disturbed({ start }: TestProject, words: readonly string[], epochs: number, act: (pid: number) => void): Promise<void> {
  const child = start(...words, '--jobs', String(JOBS), '--json');
  let [told, done] = ['', false];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (done || told.split('"event":"node-log"').length <= epochs) return;
    done = true;
    act(child.pid!);
  });
  await once(child, 'exit');
  expect(done, 'it ended before it was disturbed').toBe(true);
}

test('killed or stopped anywhere, a sweep loses at most the running epochs, and ends with every trial in its row', async () => {
  const trace = join(temporaryFolder(), 'trace');
  writeFileSync(trace, '');
  const project = testProject({ 'pipeline.ts': pipelineWith(trace) });
  const kill = (pid: number): void => void process.kill(-pid, 'SIGKILL');
  const begun = (): string[] => readFileSync(trace, 'utf8').trim().split('\n'); // prettier-ignore
  const lost = (): number => begun().length - new Set(begun()).size;

  await disturbed(project, ['sweep', 'start', '--name', 'hard', '--set', 'model.rate=1,2,3,4,5,6'], 6, kill);
  await disturbed(project, ['sweep', 'resume', 'hard'], 30, kill);
  let stopped: Promise<unknown> = Promise.resolve();
  await disturbed(project, ['sweep', 'resume', 'hard'], 20, () => void (stopped = project.kith('sweep', 'stop', 'hard')));
  await stopped;
  const ended = await project.kith('sweep', 'resume', 'hard');
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain('hard: 5 of 6 trials done by grid');
  expect(ended.stdout).toMatch(/3\s+failed: diverged/);
  // Five trials of 40 epochs, and one that fails at its sixth; each kill may cost an epoch of each node that ran.
  expect(new Set(begun()).size).toBe(5 * 40 + 5);
  expect(lost()).toBeLessThanOrEqual(2 * JOBS);

  const before = begun().length;
  const wider = await project.kith('sweep', 'extend', 'hard', '--set', 'model.rate=1,2,3,4,5,6,7');
  expect(wider.stdout).toContain('hard: 6 of 7 trials done');
  expect(begun().length - before).toBe(40);
});
