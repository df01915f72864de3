// A space against the pipeline that it searches, before anything runs: what would fail in trial 7 is refused at the start.
import type { Plain } from '../../cache/array.ts';
import { KithError } from '../errors.ts';
import { buildGraph, type Overrides } from '../graph.ts';
import type { Pipeline } from '../pipeline.ts';
import { type Domain, type Space, unitOf, valueAt } from './domain.ts';
import { holds } from './strategy.ts';

/**
 * The space without conditions that always hold. Throws a KithError (exit code 2) for nodes and params that the pipeline does not have, values
 * that a param's own schema refuses (of a range: its ends and a place inside), and conditions that never hold or wait for each other.
 */
export function checkedSpace(pipeline: Pipeline, space: Space, fixed: Overrides): Space {
  const probes = Object.entries(space).flatMap(([path, domain]) =>
    valuesIn(domain).map((value): Overrides => ({ ...fixed, ...firstOf(domain), [path]: value })),
  );
  const { graph, variants } = buildGraph(pipeline, [fixed, ...probes]);
  const ownValue = (path: string): Plain | undefined => {
    const [node = '', param = ''] = path.split('.', 2);
    return graph.nodes.get(variants[0]!.names[node]!)?.params[param];
  };
  for (const path of Object.keys(space)) refuseCircles(space, [path]);
  return Object.fromEntries(Object.entries(space).map(([path, domain]) => [path, withOpenConditions(path, domain, space, ownValue)]));
}

/** All values of a list; of a range its ends and a number inside, which shows whether it must be whole. */
const valuesIn = (domain: Domain): readonly Plain[] =>
  domain.of === 'choice' ? domain.values : [domain.low, domain.high, valueAt(domain, 0.37)];

const firstOf = ({ when = {} }: Domain): Overrides =>
  Object.fromEntries(Object.entries(when).flatMap(([path, [first]]) => (first === undefined ? [] : [[path, first] as const])));

function withOpenConditions(path: string, domain: Domain, space: Space, ownValue: (path: string) => Plain | undefined): Domain {
  const { when = {}, ...bare } = domain;
  const open = Object.entries(when).filter(([other, values]) => {
    const searched = space[other];
    if (searched ? values.some((value) => unitOf(searched, value) !== undefined) : holds(ownValue(other), values))
      return searched !== undefined;
    const wanted = values.map((value) => JSON.stringify(value)).join(' or ');
    throw new KithError(`${path} would never matter: ${other} is never ${wanted}.`, {
      facts: [searched ? `The sweep gives ${other} other values.` : `It is ${JSON.stringify(ownValue(other))} in every trial.`],
      hint: `Let ${other} have that value, or leave the condition out.`,
      exitCode: 2,
    });
  });
  return open.length > 0 ? { ...bare, when: Object.fromEntries(open) } : bare;
}

function refuseCircles(space: Space, trail: readonly string[]): void {
  for (const other of Object.keys(space[trail.at(-1)!]?.when ?? {})) {
    if (trail.includes(other))
      throw new KithError('Conditions wait for each other.', { facts: [[...trail, other].join(' → ')], exitCode: 2 });
    refuseCircles(space, [...trail, other]);
  }
}
