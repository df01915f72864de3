// Runs a CommonJS file in the form into which V8 compiled it the last time: parsing and compiling take longer than most of what is run so.
// The form is a cache and no more: V8 refuses that of another version or of other flags, this module that of another file (also of a copy that
// was brought from elsewhere, whose inode and time of change nobody can choose) and a damaged one, which V8 would run.
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** Bytes before V8's own: which file was compiled, and the SHA-256 of what follows. */
const HEADER = 32 + 32;

export interface LoadedScript {
  /** Runs it once and returns what it exports. `dynamicImport` stands for `import(…)`, which V8 does not let such a script call. */
  run(dynamicImport?: (specifier: string) => Promise<unknown>): unknown;
  /**
   * Keeps what V8 has compiled so far, unless it was found. `temporary` names a free path on the same file system. A folder that may not be
   * written is no error: the next start is as slow.
   */
  keep(temporary?: () => string): void;
}

/** Loads a script; `name` tells apart what different uses of it compile. The compiled forms lie in the folder `compiled` beside it. */
export function loadScript(file: string, name: string): LoadedScript {
  const { size, mtimeMs, ctimeMs, ino } = statSync(file);
  const stamp = Buffer.from(Float64Array.of(size, mtimeMs, ctimeMs, ino).buffer);
  const headerOf = (data: Buffer): Buffer => Buffer.concat([stamp, createHash('sha256').update(data).digest()]);
  const kept = join(dirname(file), 'compiled', `${name}-${process.version}-${process.arch}`);
  const cachedData = readKept(kept, headerOf);
  const source = `(function (module, exports, require, __filename, __dirname, dynamicImport) {${readText(file)}\n})`;
  const script = new Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) });
  return {
    run(dynamicImport) {
      const module = { exports: {} as unknown };
      let require: NodeJS.Require | undefined;
      const lazily = (id: string): unknown => (require ??= createRequire(file))(id);
      const body = script.runInThisContext() as (...scope: readonly unknown[]) => void;
      body(module, module.exports, lazily, file, dirname(file), dynamicImport);
      return module.exports;
    },
    keep(temporary = () => join(dirname(kept), `${process.pid}-${name}`)) {
      if (cachedData && !script.cachedDataRejected) return;
      const path = temporary();
      orNothing(() => {
        for (const file of [kept, path]) mkdirSync(dirname(file), { recursive: true });
        const data = script.createCachedData();
        writeFileSync(path, Buffer.concat([headerOf(data), data]));
        renameSync(path, kept);
      });
      orNothing(() => rmSync(path, { force: true }));
    },
  };
}

function readKept(kept: string, headerOf: (data: Buffer) => Buffer): Buffer | undefined {
  return orNothing(() => {
    const stored = readFileSync(kept);
    const data = stored.subarray(HEADER);
    return stored.subarray(0, HEADER).equals(headerOf(data)) ? data : undefined;
  });
}

function orNothing<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** Plain ASCII, as the build makes it, needs no decoding. */
function readText(file: string): string {
  const bytes = readFileSync(file);
  return isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8');
}
