// Which params a sweep varies: domains that stand in the pipeline, and those of the command line, which go before them.
import { KithError } from '../errors.ts';
import type { Overrides } from '../graph.ts';
import type { Pipeline } from '../pipeline.ts';
import { type Domain, domainIn, type Space } from './domain.ts';
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

/** A setting of the command line: one value is fixed, several are a choice, `log(1e-4,1e-1)` is a range. */
export function divide(settings: readonly { readonly path: string; readonly text: string; readonly values: readonly unknown[] }[]): {
  readonly fixed: Overrides;
  readonly space: Space;
  readonly seeds?: readonly number[];
} {
  const fixed: { [path: string]: Overrides[string] } = {};
  const space: { [path: string]: Domain } = {};
  let seeds: readonly number[] | undefined;
  for (const { path, text, values } of settings) {
    const domain = parseDomain(text);
    if (path === 'seed') seeds = values as number[];
    else if (domain) space[path] = domain;
    else if (values.length > 1) space[path] = { of: 'choice', values: values as Overrides[string][] };
    else fixed[path] = values[0] as Overrides[string];
  }
  if (seeds?.some((seed) => !Number.isSafeInteger(seed)))
    throw new KithError('Seeds must be whole numbers.', { hint: 'Write --set seed=0,1,2.', exitCode: 2 });
  return { fixed, space, ...(seeds ? { seeds } : {}) };
}
