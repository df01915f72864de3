// Reading a data file whose absence is the user's to mend, said in a sentence.
import { readFile } from 'node:fs/promises';
import { KithError } from '../../engine/errors.ts';

/** The bytes of a data file. Throws a KithError where it is missing or cannot be read. */
export async function readData(path: string, hint: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error, hint);
  }
}

/** The error of the file system as a KithError. */
export function unreadable(path: string, error: unknown, hint: string): KithError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new KithError(`${path} is not there.`, { hint });
  return new KithError(`${path} cannot be read.`, { facts: [message], hint });
}
