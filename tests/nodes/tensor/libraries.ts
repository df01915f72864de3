// The TensorFlow libraries that tests run on: the folders that KITH_TENSORFLOW and, for an old one, KITH_TENSORFLOW_OLD name. A process holds one.
import type { Executor } from '../../../nodes/tensor/executor.ts';
import { tensorflowExecutor } from '../../../nodes/tensor/tensorflow/executor.ts';
import { librariesIn } from '../../../nodes/tensor/tensorflow/library-files.ts';

type Variable = 'KITH_TENSORFLOW' | 'KITH_TENSORFLOW_OLD';

/** Why tests on a library are skipped; undefined where they run. */
export function missing(variable: Variable): string | undefined {
  const folder = process.env[variable];
  if (!folder) return `${variable} is not set`;
  return librariesIn(folder) ? undefined : `${variable} names a folder without TensorFlow`;
}

export const executorOn = (variable: Variable): Executor =>
  tensorflowExecutor({ source: variable, ...librariesIn(process.env[variable]!)! });
