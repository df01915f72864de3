// Which NVIDIA GPUs are here, as the driver's own program says. No program, no GPU.
import { execFile } from 'node:child_process';

export interface Gpu {
  readonly name: string;
  /** Compute capability, e.g. 9 for Hopper. */
  readonly capability: number;
  /** Bytes. */
  readonly memory: number;
}

const QUESTION = ['--query-gpu=name,compute_cap,memory.total', '--format=csv,noheader,nounits'];
const MEBIBYTE = 1 << 20;
const PATIENCE_MS = 20_000;

/** Asks `nvidia-smi`. Never fails. */
export function findGpus(environment: NodeJS.ProcessEnv): Promise<Gpu[]> {
  return new Promise((done) => {
    execFile('nvidia-smi', QUESTION, { env: environment, timeout: PATIENCE_MS, encoding: 'utf8' }, (error, stdout) =>
      done(error ? [] : parse(stdout)),
    );
  });
}

function parse(text: string): Gpu[] {
  return text.split('\n').flatMap((line) => {
    const [, name, capability, memory] = /^(.+),\s*(\d+(?:\.\d+)?),\s*(\d+)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name: name.trim(), capability: Number(capability), memory: Number(memory) * MEBIBYTE }];
  });
}
