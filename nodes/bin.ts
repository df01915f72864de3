// The `kith` command: the engine's command line on this process' terminal, with the commands that know tensors.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../engine/cli/main.ts';
import { packageFolder } from '../engine/files.ts';
import { doctorCommand } from './doctor-command.ts';

const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string };

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

void main(
  process.argv.slice(2),
  {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTTY: process.stdout.isTTY === true,
    color: process.stdout.isTTY === true && !process.env['NO_COLOR'],
    cwd: process.cwd(),
    worker: fileURLToPath(new URL('./worker.js', import.meta.url)),
    onInterrupt: (callback) => {
      process.on('SIGINT', callback).on('SIGTERM', callback);
      return () => void process.off('SIGINT', callback).off('SIGTERM', callback);
    },
  },
  version,
  [doctorCommand],
).then((exitCode) => void (process.exitCode = exitCode));
