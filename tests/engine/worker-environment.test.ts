import { afterEach, expect, test, vi } from 'vitest';
import { workerEnvironment } from '../../engine/workers/pool.ts';

afterEach(() => void vi.unstubAllEnvs());

test.each([
  [undefined, 'glibc.malloc.hugetlb=1'],
  ['glibc.malloc.check=1', 'glibc.malloc.check=1:glibc.malloc.hugetlb=1'],
  ['glibc.malloc.hugetlb=0', 'glibc.malloc.hugetlb=0'],
])('a worker has large pages unless the user says otherwise: %s', (own, expected) => {
  vi.stubEnv('GLIBC_TUNABLES', own);
  vi.stubEnv('KITH_OF_USER', 'stays');
  expect(workerEnvironment()).toMatchObject({ GLIBC_TUNABLES: expected, KITH_OF_USER: 'stays' });
});
