// A run as a graph of promises: each node waits for its inputs, takes what is cached, and is made where it is not.
import { setMaxListeners } from 'node:events';
import type { Digest } from '../cache/store.ts';
import { find, halted, make } from './attempt.ts';
import { cached, interrupted, skip } from './endings.ts';
import { keyMaker, readableKey } from './key.ts';
import { inputsOf, type Knowledge, type Planned } from './plan.ts';
import type { NodeState } from './events.ts';
import type { Identified, NodeResult, RunOptions, World } from './world.ts';

/** Runs what is stale. Never rejects for a node's failure: the result says how each node ended. */
export async function run(given: RunOptions): Promise<Map<string, NodeResult>> {
  setMaxListeners(0, given.signal);
  const results: Results = new Map();
  const options: World = { ...given, failures: [] };
  for (const planned of options.plan.values()) results.set(planned.node.name, begin(planned, results, options));
  await Promise.all([...results.values()].filter((result) => result instanceof Promise));
  // A damaged input may have been made anew meanwhile: what stands in the map now is what it came to.
  for (const [name, result] of results) if (result instanceof Promise) results.set(name, await result);
  return results as Map<string, NodeResult>;
}

/** How each node ended, or will: what the plan found in the cache is there at once, since ten thousand promises take their time. */
type Results = Map<string, NodeResult | Promise<NodeResult>>;

function begin(planned: Planned, results: Results, options: World): NodeResult | Promise<NodeResult> {
  if (planned.resolved && planned.record) return cached(foundBy(planned, options), planned.record, options);
  return live(planned, results, options);
}

/** A node from the moment when its inputs are there to its end. */
async function live(planned: Planned, results: Results, options: World): Promise<NodeResult> {
  const inputs = await inputsIn(results, planned);
  const absent = inputs.find(({ artifact }) => artifact === undefined);
  if (absent) return skip(planned, absent, options);
  const artifacts = Object.fromEntries(inputs.map(({ slot, artifact }) => [slot, artifact!]));
  const mine = identify(planned, () => artifacts, options.knowledge);
  // The plan has looked already where it knew the key.
  const record = planned.resolved ? undefined : find(mine, options.knowledge);
  if (record) return cached(mine, record, options);
  if (options.signal.aborted) return interrupted(mine, 0, options);
  const end = halted(options);
  if (end) return skip(planned, end, options);
  const result = await make(mine, inputs, options);
  const lost = inputs.find(({ slot }) => slot === result.failure?.lost);
  return lost ? liveAgain(planned, lost, results, options) : result;
}

/** The node as the plan found it in the cache. */
function foundBy(planned: Planned, { plan, knowledge }: World): Identified {
  return identify(planned, () => inputsOf(planned.node, plan, ({ record }) => record!.artifact), knowledge);
}

interface Input {
  readonly slot: string;
  readonly name: string;
  readonly state: NodeState;
  readonly artifact: Digest | undefined;
  /** What it was awaited as. */
  readonly source: NodeResult | Promise<NodeResult>;
}

async function inputsIn(results: Results, { node }: Planned): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const [slot, name] of Object.entries(node.inputs)) {
    const source = results.get(name)!;
    const { state, artifact } = await source;
    inputs.push({ slot, name, source, state, artifact });
  }
  return inputs;
}

/** An input turned out to be damaged: it is made anew, by whoever notices first, and then this node. */
function liveAgain(planned: Planned, { name, source }: Input, results: Results, options: World): Promise<NodeResult> {
  if (results.get(name) === source) results.set(name, live(anew(options.plan.get(name)!), results, options));
  return live(anew(planned), results, options);
}

/** The node as if nothing were known of its inputs and its result. */
const anew = ({ node, shown, predicted }: Planned): Planned => ({ node, shown, predicted });

function identify(
  planned: Planned,
  artifacts: () => { readonly [slot: string]: Digest },
  { hasher, leaves: leavesOf }: Knowledge,
): Identified {
  const { node, predicted } = planned;
  const leaves = leavesOf(node);
  const key = planned.resolved ?? keyMaker(hasher, node, leaves)((slot) => artifacts()[slot]!);
  return { planned, node, predicted, key, readable: () => readableKey(node, leaves, artifacts()), code: leaves.code };
}
