// Builds the command line and the worker program once, before all tests.
import { execFileSync } from 'node:child_process';

export default function build(): void {
  execFileSync('npx', ['rolldown', '-c', '.rolldown.config.js', '--logLevel', 'silent'], { stdio: 'inherit' });
}
