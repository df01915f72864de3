// A past run by what a user typed of its name.
import { KithError } from '../errors.ts';
import { nearest } from '../nearest.ts';

/** The one run whose name begins like this; the newest where none is named. `others` are what else could have been meant. Throws a KithError (exit code 2). */
export function findRun(runs: readonly string[], name: string | undefined, others: readonly string[] = []): string {
  const found = name === undefined ? runs.slice(0, 1) : runs.includes(name) ? [name] : runs.filter((run) => run.startsWith(name));
  if (found.length === 1) return found[0]!;
  if (name === undefined) throw new KithError('There is no run yet.', { hint: 'Run something: kith run', exitCode: 2 });
  const near = nearest(name, others);
  throw new KithError(found.length > 0 ? `${found.length} runs begin with ${name}.` : `There is no run ${name}.`, {
    facts: found.slice(0, 5),
    hint: near ? `Did you mean the sweep "${near}"?` : `kith runs lists them${others.length > 0 ? '; kith sweep status, the sweeps' : ''}.`,
    exitCode: 2,
  });
}
