// How large a cache may grow: the environment comes first, then package.json, then the default; what is no size is said to be none.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { capOf, parseCap } from '../../engine/cap.ts';
import { temporaryFolder } from '../rig.ts';

afterEach(() => void vi.unstubAllEnvs());

test('sizes are read as people write them', () => {
  const sizes = { '1000': 1000, '500MB': 5e8, '1.5 GB': 1.5e9, '2GiB': 2 ** 31, ' 5k ': 5000, '1tb': 1e12, '0': 0, none: Infinity };
  for (const [text, bytes] of Object.entries(sizes)) expect(parseCap(text, '--max-size'), text).toBe(bytes);
  for (const text of ['much', '5XB', '-1GB', 'iB', '', '1e9', '5 5GB', 'NaN', 'Infinity'])
    expect(() => parseCap(text, '--max-size'), text).toThrow(/^--max-size: ".*" is not a size/);
});

test('the environment is asked first, then package.json; without either it is ten gigabytes', () => {
  const root = temporaryFolder();
  vi.stubEnv('KITH_CACHE_SIZE', undefined);
  expect(capOf(root)).toBe(1e10);
  writeFileSync(join(root, 'package.json'), '{ "kith": { "cacheSize": "50GB" } }');
  expect(capOf(root)).toBe(5e10);
  vi.stubEnv('KITH_CACHE_SIZE', '2GB');
  expect(capOf(root)).toBe(2e9);
  vi.stubEnv('KITH_CACHE_SIZE', 'lots');
  expect(() => capOf(root)).toThrow(/KITH_CACHE_SIZE: "lots" is not a size/);
});

test('a package.json that says nothing of it, or nothing at all, changes nothing; one that says nonsense is told', () => {
  const root = temporaryFolder();
  vi.stubEnv('KITH_CACHE_SIZE', undefined);
  for (const text of ['{}', '{ "kith": {} }', 'null', 'not JSON']) {
    writeFileSync(join(root, 'package.json'), text);
    expect(capOf(root), text).toBe(1e10);
  }
  writeFileSync(join(root, 'package.json'), '{ "kith": { "cacheSize": ["1GB", "2GB"] } }');
  expect(() => capOf(root)).toThrow(/kith.cacheSize of package.json: "1GB,2GB" is not a size/);
});
