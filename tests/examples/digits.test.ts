// The main job as a stranger runs it, with a shorter pretext: the chain to its table, nothing twice, kill -9 in the middle, pictures.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { executed, testProject, type TestEvent, type TestProject } from '../rig.ts';

const SHORT = ['--set', 'encoder.epochs=5', '--set', 'labelled.epochs=3'];
const PATIENCE = 300_000;

function digitsProject(): TestProject {
  const project = testProject({});
  project.copy('pipeline.ts', 'pipeline.ts');
  return project;
}

/** Node → digest of its artifact. */
const artifacts = (events: readonly TestEvent[]): Record<string, unknown> =>
  Object.fromEntries(
    events.filter(({ event }) => event === 'node-finished' || event === 'node-cached').map(({ node, artifact }) => [node, artifact]),
  );

test(
  'the chain runs to a table in which every stage stands, then nothing runs, then only what depends on a change',
  async () => {
    const project = digitsProject();
    const { stdout, code } = await project.kith('run', ...SHORT);
    expect(code, stdout).toBe(0);
    for (const stage of ['pixel k-means', 'embedding k-means', 'SCAN', 'self-labelled'])
      expect(stdout).toMatch(new RegExp(`${stage}\\s+0\\.\\d{3}`));
    const second = await project.events(...SHORT);
    expect(second.at(-1)).toMatchObject({ event: 'run-finished', executed: 0, failed: 0 });
    const scores = JSON.parse((await project.kith('show', 'scores', '--json', ...SHORT)).stdout) as {
      acc: number;
      nmi: number;
      ari: number;
    };
    expect(scores.acc).toBeGreaterThan(0.5);

    const changed = executed(await project.events(...SHORT, '--set', 'neighbours.k=20'));
    expect(changed).toContain('neighbours');
    expect(changed).toContain('clusters');
    for (const name of ['images', 'views', 'encoder', 'embeddings', 'pixels', 'baseline']) expect(changed).not.toContain(name);

    const shown = await project.kith('show', 'scores', ...SHORT, '--out', 'pictures');
    expect(shown.stdout).toContain('picture: ');
    await project.kith('show', 'views', ...SHORT, '--out', 'pictures');
    for (const picture of readdirSync(join(project.folder, 'pictures'))) {
      const { width, height, format } = await sharp(join(project.folder, 'pictures', picture)).metadata();
      expect(format).toBe('png');
      expect(width * height).toBeGreaterThan(10_000);
    }
  },
  PATIENCE,
);

test(
  'kill -9 of everything in the middle of pretext: the next run continues and ends with the same digests',
  async () => {
    const undisturbed = digitsProject();
    const expected = artifacts(await undisturbed.events('encoder', ...SHORT));
    const project = digitsProject();
    const child = project.start('run', 'encoder', ...SHORT, '--json');
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.stdout!.setEncoding('utf8').on('data', (text: string) => {
        seen.push(text);
        if (/"event":"node-progress","node":"encoder","done":[23],/.test(seen.join(''))) process.kill(-child.pid!, 'SIGKILL');
      });
    });
    expect(seen.join('')).not.toContain('run-finished');
    const events = await project.events('encoder', ...SHORT);
    expect(artifacts(events)).toEqual(expected);
    expect(events.find(({ event, node }) => event === 'node-finished' && node === 'encoder')).toMatchObject({ resumed: true });
    expect(readdirSync(join(project.folder, '.kith', 'checkpoints'))).toEqual([]);
  },
  PATIENCE,
);

test('a truncated data file is a sentence and loses nothing', async () => {
  const project = digitsProject();
  project.copy('examples/data/digits.csv.gz', 'digits.csv.gz');
  const bytes = readFileSync(join(project.folder, 'digits.csv.gz'));
  rmSync(join(project.folder, 'digits.csv.gz'));
  project.write(
    'pipeline.ts',
    `import { digits, pipeline } from 'kith';\nexport default pipeline({ images: digits({}, { path: 'digits.csv.gz' }) });\n`,
  );
  const missing = await project.kith('run');
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('digits.csv.gz, which is not there');
  writeFileSync(join(project.folder, 'digits.csv.gz'), bytes.subarray(0, 30_000));
  const truncated = await project.kith('run');
  expect(truncated.code).toBe(1);
  expect(truncated.stdout + truncated.stderr).toMatch(/digits\.csv\.gz/);
  expect(truncated.stdout).not.toMatch(/\n\s+at /);
  expect(existsSync(join(project.folder, 'digits.csv.gz'))).toBe(true);
});
