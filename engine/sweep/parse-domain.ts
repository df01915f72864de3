// `log(1e-4,1e-1)` on the command line → a domain. Lists of values are read by `cli/settings.ts`.
import { KithError } from '../errors.ts';
import { checkDomain, type Domain } from './domain.ts';

const RANGE = /^(int|float|log)\(([^,()]+),([^,()]+)\)$/;
/** What looks like a function is meant as one; a text of that form is written in quotes. */
const CALL = /^[A-Za-z]\w*\(.*\)?$/;

/** The domain that a text writes, or undefined where it writes none. Throws a KithError (exit code 2) for a range that is none. */
export function parseDomain(text: string): Domain | undefined {
  const found = RANGE.exec(text.trim());
  if (!found) {
    if (CALL.test(text.trim()))
      throw new KithError(`${text} is not understood.`, {
        hint: 'Write int(1,10), float(0,1) or log(1e-4,1e-1); values: 1,2,5; a text with parentheses: \'"f(x)"\'.',
        exitCode: 2,
      });
    return undefined;
  }
  const [, of, low, high] = found as unknown as [string, 'int' | 'float' | 'log', string, string];
  const domain: Domain = { of, low: Number(low), high: Number(high) };
  checkDomain(domain);
  return domain;
}

/** Whether a text is a range, in good form or not. */
export const isRange = (text: string): boolean => /^(int|float|log)\(/.test(text.trim());

/** The list in `choice(1,2,5)`, which is another way to write `1,2,5`. */
export const listIn = (text: string): string => /^choice\((.*)\)$/.exec(text.trim())?.[1] ?? text;
