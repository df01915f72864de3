// Asynchronous successive halving (Li et al., MLSys 2020): many short trials, and the best third of each rung goes on three times as long.
// A promotion is a trial of its own with the same params and more of the resource: where the node can, training goes on where it was.
import type { Pipeline } from '../pipeline.ts';
import type { Space } from './domain.ts';
import { buildGraph, type Overrides } from '../graph.ts';
import { drawn } from './random-search.ts';
import { type Proposal, type Strategy, type Trial } from './strategy.ts';

export interface Rungs {
  /** The param that costs time, `encoder.epochs`. */
  readonly resource: string;
  readonly least: number;
  readonly most: number;
  /** One of so many is promoted; default 3. */
  readonly factor?: number;
}

/** Draws params at random for the first rung; `trials` counts those. */
export function asha(space: Space, seed: number, { resource, least, most: top, factor = 3 }: Rungs, trials: number): Strategy {
  const { [resource]: _, ...others } = space;
  const levels: number[] = [];
  for (let level = least; level < top; level *= factor) levels.push(Math.round(level));
  levels.push(top);
  return {
    next(known, most) {
      const proposals: Proposal[] = [];
      const started = new Set(known.flatMap(({ parent }) => parent ?? []));
      for (const trial of promotable(known, levels, resource, factor)) {
        if (proposals.length >= most || started.has(trial.number)) continue;
        const level = levels[levels.indexOf(trial.params[resource] as number) + 1]!;
        proposals.push({ params: { ...trial.params, [resource]: level }, parent: trial.number });
      }
      const first = known.filter(({ parent }) => parent === undefined);
      for (let number = first.length; number < trials && proposals.length < most; number++) {
        const params = { ...drawn(others, seed, number), [resource]: levels[0]! };
        proposals.push({ params });
      }
      return proposals;
    },
  };
}

/** A sentence where a promotion would train from the start, because a longer run of this node, with these params, is another training. */
export function rungCaution(pipeline: Pipeline, fixed: Overrides, resource: string): string | undefined {
  const [name = '', param = ''] = resource.split('.', 2);
  const { graph, variants } = buildGraph(pipeline, [fixed]);
  const node = graph.nodes.get(variants[0]!.names[name]!);
  if (node?.definition.continues?.(node.params as never) === param) return undefined;
  return `A longer run does not continue a shorter one by ${resource} with these params of ${name}: what is promoted runs from the start again.`;
}

/** Trials in the best part of their rung, the highest rungs first. */
function promotable(trials: readonly Trial[], levels: readonly number[], resource: string, factor: number): Trial[] {
  return levels
    .slice(0, -1)
    .map((level) => {
      const done = trials.filter(({ params, score }) => params[resource] === level && score !== undefined);
      return done.sort((a, b) => a.score! - b.score! || a.number - b.number).slice(0, Math.floor(done.length / factor));
    })
    .reverse()
    .flat();
}
