// `log(1e-4,1e-1)` on the command line → a domain. Lists of values are read by `cli/settings.ts`.
import { KithError } from '../errors.ts';
import { checkDomain, type Domain } from './domain.ts';

const RANGE = /^(int|float|log)\(([^,()]+),([^,()]+)\)$/;

/** The domain that a text writes, or undefined where it writes none. Throws a KithError (exit code 2) for a range that is none. */
export function parseDomain(text: string): Domain | undefined {
  const found = RANGE.exec(text.trim());
  if (!found) {
    if (/^(int|float|log|choice)\(/.test(text.trim()))
      throw new KithError(`${text} is not understood.`, {
        hint: 'Write int(1,10), float(0,1) or log(1e-4,1e-1); values: 1,2,5.',
        exitCode: 2,
      });
    return undefined;
  }
  const [, of, low, high] = found as unknown as [string, 'int' | 'float' | 'log', string, string];
  const domain: Domain = { of, low: Number(low), high: Number(high) };
  checkDomain(domain);
  return domain;
}
