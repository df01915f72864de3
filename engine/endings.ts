// How a node's life ends, each told once: cached, skipped, interrupted, failed. (A node that is executed tells so itself.)
import type { Result } from '../cache/record.ts';
import type { Failure, NodeState, Summary } from './events.ts';
import type { Planned } from './plan.ts';
import type { Identified, NodeResult, RunOptions, World } from './world.ts';

export function cached(mine: Identified, record: Result, { listener, clock, remember }: RunOptions): NodeResult {
  const { node, key } = mine;
  const { artifact, seconds } = record;
  const summary = record.summary as Summary | undefined;
  remember({ ...mine, seconds });
  const event = { time: clock(), event: 'node-cached', node: node.name, key, artifact, seconds } as const;
  listener(summary ? { ...event, summary } : event);
  const result = { state: 'cached', key, seconds: 0, artifact } as const;
  return summary ? { ...result, summary } : result;
}

/** The node without whose result another cannot run. */
export interface Missing {
  readonly name: string;
  readonly state: NodeState;
}

export function skip({ node, predicted }: Planned, missing: Missing, { listener, clock }: RunOptions): NodeResult {
  if (missing.state === 'interrupted') return { state: 'interrupted', key: predicted, seconds: 0 };
  listener({ time: clock(), event: 'node-skipped', node: node.name, because: missing.name });
  return { state: 'skipped', key: predicted, seconds: 0 };
}

export function interrupted({ node, key }: Identified, seconds: number, { listener, clock }: RunOptions): NodeResult {
  listener({ time: clock(), event: 'node-interrupted', node: node.name, seconds });
  return { state: 'interrupted', key, seconds };
}

export function failed({ node, key }: Identified, seconds: number, failure: Failure, { listener, clock, failures }: World): NodeResult {
  failures.push(node.name);
  listener({ time: clock(), event: 'node-failed', node: node.name, seconds, failure });
  return { state: 'failed', key, seconds, failure };
}
