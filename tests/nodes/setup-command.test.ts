import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, testProject } from '../rig.ts';
import { machine, program, tensorflowFiles, wheelOf } from './tensor/tensorflow/setup/fakes.ts';

function user() {
  const cache = temporaryFolder();
  const root = join(cache, 'kith', 'tensorflow');
  return { root, project: testProject({}, { XDG_CACHE_HOME: cache, PATH: join(cache, 'bin'), KITH_TENSORFLOW: '' }) };
}

test('kith setup downloads nothing unasked: it says what, how much and where to, and ends with exit code 2', async () => {
  const { project, root } = user();
  const { stdout, stderr, code } = await project.kith('setup');
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /^✖ Nothing was downloaded: kith setup asks first, and nobody is here to answer\.\n {2}TensorFlow 2\.21\.0 for the CPU/,
  );
  expect(stderr).toMatch(/to download {2}\d+ MB, from the index that pip uses/);
  expect(stderr).toMatch(/on disk {6}\d+ MB, in /);
  expect(stderr).toContain(root);
  expect(stderr).toContain('hint: kith setup --yes downloads without asking.');
});

test('kith setup --yes without pip says what to do instead', async () => {
  const { stderr, code } = await user().project.kith('setup', '--yes');
  expect(code).toBe(1);
  expect(stderr).toMatch(/There is no pip here[^]*python3 -m pip: not found[^]*hint: .*kith setup --from tensorflow\S*\.whl/);
});

test('what was set up is listed, and removed', async () => {
  const { project, root } = user();
  expect((await project.kith('setup', '--list')).stdout).toBe(`Nothing is in ${root}.\n`);
  mkdirSync(join(root, '2.20.0-own', 'tensorflow'), { recursive: true });
  writeFileSync(join(root, '2.20.0-own', 'kith.json'), JSON.stringify({ title: 'TensorFlow 2.20.0', from: '/home/kim/venv' }));
  expect((await project.kith('setup', '--list')).stdout).toMatch(/2\.20\.0-own +TensorFlow 2\.20\.0 +gone +linked +\/home\/kim\/venv\n/);
  const wrong = await project.kith('setup', '--remove', '2.20.0');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('there: 2.20.0-own');
  expect((await project.kith('setup', '--remove', '2.20.0-own')).stdout).toMatch(/^Removed 2\.20\.0-own: .* free again\.\n$/);
  expect((await project.kith('setup', '--remove')).stdout).toBe(`Nothing is in ${root}.\n`);
});

test('a wheel whose library is damaged is a sentence', async () => {
  const { project } = user();
  const [library] = Object.keys(tensorflowFiles());
  writeFileSync(join(project.folder, 'tensorflow-2.20.0-x.whl'), wheelOf(tensorflowFiles(), { [library!]: 'AAAA' }));
  const { stderr, code } = await project.kith('setup', '--from', 'tensorflow-2.20.0-x.whl');
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /✖ tensorflow-2\.20\.0-x\.whl is damaged\.\n {2}tensorflow\/\S+ has not the digest that its RECORD says\n {2}hint: Get it again\./,
  );
});

test('a library that does not load is removed again, and says why', async () => {
  const { project, root } = user();
  writeFileSync(join(project.folder, 'tensorflow-2.20.0-x.whl'), wheelOf(tensorflowFiles()));
  const { stdout, stderr, code } = await project.kith('setup', '--from', 'tensorflow-2.20.0-x.whl');
  expect(code).toBe(1);
  expect(stdout).toContain('Trying it');
  expect(stderr).toMatch(/^✖ TensorFlow 2\.20\.0 does not work here, and was removed again\.\n {2}\S/);
  expect((await project.kith('setup', '--list')).stdout).toBe(`Nothing is in ${root}.\n`);
});

test('Ctrl-C stops a download with exit code 130, and says how to go on', async () => {
  const on = machine();
  program(on, 'python3', 'case "$*" in *version) exit;; esac; exec /usr/bin/tail -f /dev/null');
  const project = testProject({}, { ...on.environment, XDG_CACHE_HOME: temporaryFolder() });
  const kith = project.start('setup', '--yes');
  let [said, complaint] = ['', ''];
  kith.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.includes('for all projects')) process.kill(kith.pid!, 'SIGINT');
  });
  kith.stderr!.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  expect(await new Promise((done) => kith.on('close', done))).toBe(130);
  expect(complaint).toBe('Stopped. kith setup goes on from here; kith setup --remove deletes what is there.\n');
});

const library = process.env['KITH_TENSORFLOW'];
test.skipIf(!library)(
  'a library that works is used from then on (skipped where KITH_TENSORFLOW is not set)',
  async () => {
    const { project } = user();
    const { stdout, code } = await project.kith('setup', '--from', library!);
    expect(code).toBe(0);
    expect(stdout).toMatch(/TensorFlow [\d.]+ works: its gradients are those of onnx, to \de-[567]\.\n/);
    expect(stdout).toMatch(
      /Training the default encoder: [\d,]+ images\/s beside [\d,]+ images\/s of onnx\.\n--device auto is (onnx|tensorflow) \(/,
    );
    expect((await project.kith('setup', '--list')).stdout).toMatch(/TensorFlow [\d.]+ +used +linked/);
  },
  180_000,
);
