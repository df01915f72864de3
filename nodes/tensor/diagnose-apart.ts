// Measures a device in a process of its own: `kith doctor --device … --json`. What the process prints beside its answer is the reason where it dies.
import { execFile } from 'node:child_process';
import type { Diagnosis } from './doctor.ts';

/** Measures a device with this very program; never fails. `environment` is the process'. */
export function diagnoseApart(device: string, environment: NodeJS.ProcessEnv = process.env): Promise<Diagnosis> {
  const words = [process.argv[1]!, 'doctor', '--device', device, '--json'];
  return new Promise((done) => {
    execFile(process.execPath, words, { env: environment, encoding: 'utf8', maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const answer = stdout.trim().split('\n').at(-1)!;
      if (!error && answer.startsWith('{')) return done(JSON.parse(answer) as Diagnosis);
      const end = error?.signal ? `its process died of ${error.signal}` : `its process ended with ${String(error?.code ?? 0)}`;
      done({ works: false, device, reasons: [end, ...lastWords(stderr)] });
    });
  });
}

const lastWords = (text: string): string[] => text.trim().split('\n').slice(-3).filter(Boolean);
