// Preloaded into `kith` processes (`NODE_OPTIONS=--import=…`): lets one call to the file system end the process, or lets calls fail as a
// full or read-only disk would. Told by the variable KITH_FAULT; without it, nothing is touched. Only paths below a `.kith` folder count.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

const fault = JSON.parse(process.env.KITH_FAULT ?? 'null');
if (fault?.skew !== undefined) skewClock(fault.skew, fault.after ?? 0);
else if (fault && fault.who === (process.argv[1]?.endsWith('worker.js') ? 'worker' : 'engine')) inject(fault);

/**
 * `at`: which changing call it is, from 0; calls are counted in this process. `kill` ends the process before the call, after it, or, for a
 * write, halfway (`when`: 0, 1, 0.5). `code` makes that call, and with `on` all later ones, fail with a system error.
 */
function inject({ at, kill, when = 0, code, on, calls }) {
  const real = { ...fs, promises: { ...fs.promises } };
  const paths = new Map();
  let count = 0;
  let inside = false;
  const isOurs = (path) => String(path).includes('/.kith');
  const die = () => process.kill(process.pid, 'SIGKILL');
  const failure = (path) => Object.assign(new Error(`${code}: injected, '${path}'`), { code, path, syscall: 'write' });
  /** What is to happen now: nothing, 'fail', or a moment to die. */
  const turn = (name, path) => {
    if (!isOurs(path)) return undefined;
    if (calls) real.appendFileSync(calls, `${name} ${path}\n`);
    const mine = count++;
    if (code && (mine === at || (on && mine > at))) return 'fail';
    return kill && mine === at ? when : undefined;
  };
  const around = (name, path, half, call) => {
    if (inside) return call();
    const now = turn(name, path);
    if (now === 'fail') {
      if (half) half();
      throw failure(path);
    }
    if (now === 0) die();
    if (now === 0.5) {
      if (half) half();
      die();
    }
    inside = true; // What the call itself calls does not count.
    let result;
    try {
      result = call();
    } finally {
      inside = false;
    }
    if (now !== 1) return result;
    if (typeof result?.then === 'function') return result.then(die);
    return die();
  };
  const isWriting = (flags) => (typeof flags === 'number' ? (flags & 3) !== 0 : !/^r$|^rs$/.test(String(flags ?? 'r')));

  fs.openSync = (path, flags, ...rest) => {
    const open = () => real.openSync(path, flags, ...rest);
    const fd = isWriting(flags) ? around('open', path, undefined, open) : open();
    paths.set(fd, path);
    return fd;
  };
  fs.closeSync = (fd) => {
    paths.delete(fd);
    real.closeSync(fd);
  };
  fs.writeSync = (fd, data, ...rest) => {
    const bytes = Buffer.from(data);
    const half = () => real.writeSync(fd, bytes.subarray(0, bytes.length >> 1));
    return around('write', paths.get(fd) ?? '', half, () => real.writeSync(fd, data, ...rest));
  };
  fs.fsyncSync = (fd) => around('sync', paths.get(fd) ?? '', undefined, () => real.fsyncSync(fd));
  fs.fsync = (fd, done) => {
    const sync = async () => around('sync', paths.get(fd) ?? '', undefined, () => promisify(real.fsync)(fd));
    sync().then(() => done(null), done);
  };
  fs.write = Object.assign((...given) => real.write(...given), {
    [promisify.custom]: async (fd, data) => ({ bytesWritten: fs.writeSync(fd, data), buffer: data }),
  });
  fs.fdatasyncSync = (fd) => around('sync', paths.get(fd) ?? '', undefined, () => real.fdatasyncSync(fd));
  for (const name of ['writeFileSync', 'appendFileSync']) {
    fs[name] = (path, data, ...rest) => {
      const half = () => real[name](path, Buffer.from(data).subarray(0, Buffer.from(data).length >> 1), ...rest);
      return around(name, typeof path === 'number' ? (paths.get(path) ?? '') : path, half, () => real[name](path, data, ...rest));
    };
  }
  for (const name of ['renameSync', 'linkSync']) fs[name] = (from, to) => around(name, to, undefined, () => real[name](from, to));
  for (const name of ['unlinkSync', 'rmSync', 'rmdirSync', 'mkdirSync', 'truncateSync'])
    fs[name] = (path, ...rest) => around(name, path, undefined, () => real[name](path, ...rest));
  for (const name of ['rename', 'link'])
    fs.promises[name] = async (from, to) => around(name, to, undefined, () => real.promises[name](from, to));
  for (const name of ['unlink', 'rm', 'rmdir', 'mkdir', 'truncate', 'writeFile', 'appendFile'])
    fs.promises[name] = async (path, ...rest) => around(name, path, undefined, () => real.promises[name](path, ...rest));
  fs.promises.open = async (path, flags, ...rest) => {
    const open = () => real.promises.open(path, flags, ...rest);
    const handle = await (isWriting(flags) ? around('open', path, undefined, open) : open());
    const { write, sync, datasync } = handle;
    handle.write = async (data, offset = 0, length = data.byteLength - offset, ...more) => {
      const half = () => real.writeSync(handle.fd, data, offset, length >> 1);
      return around('write', path, half, () => write.call(handle, data, offset, length, ...more));
    };
    handle.sync = async () => around('sync', path, undefined, () => sync.call(handle));
    handle.datasync = async () => around('sync', path, undefined, () => datasync.call(handle));
    return handle;
  };
  syncBuiltinESMExports();
}

/** The process believes that it is `skew` milliseconds later, from `after` milliseconds of its life on. */
function skewClock(skew, after) {
  const now = Date.now;
  const began = now();
  const skewed = () => now() + (now() - began >= after ? skew : 0);
  globalThis.Date = class extends Date {
    constructor(...given) {
      super(...(given.length === 0 ? [skewed()] : given));
    }
    static now() {
      return skewed();
    }
  };
}
