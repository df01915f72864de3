import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchFile, Unreachable } from '../../../../../nodes/tensor/tensorflow/setup/fetch.ts';
import { temporaryFolder } from '../../../../rig.ts';
import { type Answer, broken, honest, serve, sha256, stalling } from './fakes.ts';

const FILE = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251);
const HALF = 150_000;

function target() {
  const path = join(temporaryFolder(), 'file.part');
  const [seen, stop] = [[] as number[], new AbortController()];
  return { path, seen, stop, fetching: { bytes: FILE.length, onBytes: (done: number) => void seen.push(done), signal: stop.signal } };
}

test('a file is fetched whole, and its progress told', async () => {
  const { path, seen, fetching } = target();
  const { url, asked } = await serve({ file: FILE });
  await fetchFile(`${url}/file`, path, fetching);
  expect(sha256(readFileSync(path))).toBe(sha256(FILE));
  expect(asked).toEqual(['']);
  expect(seen.at(-1)).toBe(FILE.length);
});

test('half a download of another day is gone on with', async () => {
  const { path, seen, fetching } = target();
  writeFileSync(path, FILE.subarray(0, HALF));
  const { url, asked } = await serve({ file: FILE });
  await fetchFile(`${url}/file`, path, fetching);
  expect(sha256(readFileSync(path))).toBe(sha256(FILE));
  expect(asked).toEqual([`bytes=${HALF}-`]);
  expect(seen[0]).toBeGreaterThan(HALF);
});

test('a connection that breaks is taken up again, without asking anybody', async () => {
  const { path, fetching } = target();
  const { answer, breakOff } = stalling(HALF);
  const { url, asked } = await serve({ file: FILE }, answer, honest);
  const onBytes = (done: number): void => (done === HALF ? breakOff() : undefined);
  await fetchFile(`${url}/file`, path, { ...fetching, onBytes });
  expect(sha256(readFileSync(path))).toBe(sha256(FILE));
  expect(asked).toEqual(['', `bytes=${HALF}-`]);
});

test('a connection that brings nothing more ends in a sentence that says how far it came', async () => {
  const { path, fetching } = target();
  const { answer, breakOff } = stalling(HALF);
  const { url } = await serve({ file: FILE }, answer, broken);
  const onBytes = (done: number): void => (done === HALF ? breakOff() : undefined);
  await expect(fetchFile(`${url}/file`, path, { ...fetching, onBytes })).rejects.toMatchObject({
    headline: 'The download broke off at 150 kB of 300 kB.',
    detail: { hint: 'Run kith setup again: it goes on from there.' },
  });
});

test('a server that knows no ranges sends the whole file again', async () => {
  const whole: Answer = (response, file) => void response.writeHead(200).end(file);
  const { path, fetching } = target();
  writeFileSync(path, Buffer.alloc(HALF, 1));
  const { url } = await serve({ file: FILE }, whole);
  await fetchFile(`${url}/file`, path, fetching);
  expect(sha256(readFileSync(path))).toBe(sha256(FILE));
});

test('a server whose file is shorter is not asked forever', async () => {
  const { path, fetching } = target();
  const { url, asked } = await serve({ file: FILE.subarray(0, HALF) });
  await expect(fetchFile(`${url}/file`, path, fetching)).rejects.toThrow(/broke off/);
  expect(asked.length).toBeLessThan(10);
});

test('a server that refuses, and one that is not there, are unreachable and leave nothing behind', async () => {
  const { path, fetching } = target();
  const { url } = await serve({});
  await expect(fetchFile(`${url}/file`, path, fetching)).rejects.toEqual(new Unreachable('answer 404'));
  await expect(fetchFile('http://127.0.0.1:1/file', path, fetching)).rejects.toBeInstanceOf(Unreachable);
  expect(existsSync(path)).toBe(false);
});

test('an interruption keeps what came', async () => {
  const { path, stop, fetching } = target();
  const { url } = await serve({ file: FILE }, stalling(HALF).answer);
  const onBytes = (done: number): void => (done === HALF ? stop.abort(new Error('interrupted')) : undefined);
  await expect(fetchFile(`${url}/file`, path, { ...fetching, onBytes })).rejects.toThrow('interrupted');
  expect(sha256(readFileSync(path))).toBe(sha256(FILE.subarray(0, HALF)));
});
