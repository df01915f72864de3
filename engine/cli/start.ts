#!/usr/bin/env node
// The `kith` command: starts the program beside it as V8 compiled it when the same command ran before.
import { join } from 'node:path';
import { loadScript } from '../script.ts';

/** Seconds after which V8 may have dropped again what ran only at the start. */
const YOUNG = 5;

const command = /^[a-z]+$/.exec(process.argv[2] ?? '')?.[0] ?? 'none';
const program = loadScript(join(import.meta.dirname, 'program.cjs'), command);
process.once('exit', (exitCode) => {
  if (exitCode === 0 && process.uptime() < YOUNG) program.keep();
});
program.run((specifier) => import(specifier));
