// The `kith` command: the engine's command line on this process' terminal, with the commands that know tensors.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../engine/cli/main.ts';
import { packageFolder } from '../engine/files.ts';
import { doctorCommand } from './doctor-command.ts';
import { setupCommand } from './setup-command.ts';

const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string };

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/** Anything but a yes is a no. */
async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await Promise.race([
    lines.question(`${question} [y/N] `),
    new Promise<string>((done) => lines.once('close', () => done(''))),
  ]);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

void main(
  process.argv.slice(2),
  {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTTY: process.stdout.isTTY === true,
    color: process.stdout.isTTY === true && !process.env['NO_COLOR'],
    // Only who asks pays for loading standard input.
    get confirm() {
      return process.stdin.isTTY && process.stdout.isTTY ? confirm : undefined;
    },
    cwd: process.cwd(),
    worker: join(import.meta.dirname, 'worker.js'),
    onInterrupt: (callback) => {
      process.on('SIGINT', callback).on('SIGTERM', callback);
      return () => void process.off('SIGINT', callback).off('SIGTERM', callback);
    },
  },
  version,
  {
    commands: [doctorCommand, setupCommand],
    chooseDevice: async (name) => (await import('./tensor/choose.ts')).chooseDevice(name),
  },
).then((exitCode) => void (process.exitCode = exitCode));
