// Which params a sweep varies: domains that stand in the pipeline, and those of the command line, which go before them.
import type { Plain } from '../../cache/array.ts';
import { KithError } from '../errors.ts';
import type { Overrides } from '../graph.ts';
import type { Pipeline } from '../pipeline.ts';
import { type Domain, domainIn, sizeOf, type Space, valuesOf } from './domain.ts';
import { parseDomain } from './parse-domain.ts';

/** The domains written in the params of a pipeline's nodes. */
export function spaceIn({ nodes }: Pipeline): Space {
  return Object.fromEntries(
    Object.entries(nodes).flatMap(([node, { params }]) =>
      Object.entries(params).flatMap(([param, value]) => {
        const domain = domainIn(value);
        return domain ? [[`${node}.${param}`, domain] as const] : [];
      }),
    ),
  );
}

/** What one `--set` says. */
interface Setting {
  readonly path: string;
  readonly text: string;
  readonly values: readonly Plain[];
  readonly when?: NonNullable<Domain['when']>;
}

/** What settings of the command line ask for. */
export interface Asked {
  readonly fixed: Overrides;
  readonly space: Space;
  readonly seeds?: readonly number[];
}

/**
 * One value is fixed, several are a choice, `log(1e-4,1e-1)` is a range, seeds repeat each trial. Throws KithErrors (exit code 2) for a param
 * that is set twice and for seeds that are none.
 */
export function divide(settings: readonly Setting[]): Asked {
  const fixed: { [path: string]: Plain } = {};
  const space: { [path: string]: Domain } = {};
  let seeds: readonly number[] | undefined;
  const seen = new Set<string>();
  for (const setting of settings) {
    const { path, text, values, when } = setting;
    if (seen.has(path))
      throw new KithError(`${path} is set twice.`, { hint: `Name all values at once: --set ${path}=1,2,5.`, exitCode: 2 });
    seen.add(path);
    const distinct = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
    const domain = parseDomain(text);
    if (path === 'seed') seeds = seedsOf(setting, domain, distinct);
    else if (domain) space[path] = { ...domain, ...(when ? { when } : {}) };
    else if (distinct.length > 1 || when) space[path] = { of: 'choice', values: distinct, ...(when ? { when } : {}) };
    else fixed[path] = distinct[0]!;
  }
  return { fixed, space, ...(seeds ? { seeds } : {}) };
}

function seedsOf({ text, when }: Setting, domain: Domain | undefined, values: readonly Plain[]): number[] {
  const seeds = domain?.of === 'int' ? valuesOf(domain, sizeOf(domain)) : values;
  if (when || (domain && domain.of !== 'int') || !seeds.every((seed) => Number.isSafeInteger(seed) && (seed as number) >= 0))
    throw new KithError(`seed=${text} is not understood: seeds are whole numbers from 0.`, {
      hint: 'Write --set seed=0,1,2 or --set "seed=int(0,9)".',
      exitCode: 2,
    });
  return seeds as number[];
}
