// An engine without processes or files: puppet definitions, a memory store, and a runner in this process that counts.
import { loadHasher } from '../../cache/digest.ts';
import { createMemoryStore } from '../../cache/memory.ts';
import { aliasTo, isComplete, parseAlias, parseRecord, recordFrom } from '../../cache/record.ts';
import type { Key } from '../../cache/store.ts';
import { diskCheckpoint } from '../../engine/checkpoint.ts';
import type { Event } from '../../engine/events.ts';
import { buildGraph, resolveTargets, topological, type Overrides } from '../../engine/graph.ts';
import type { Pipeline } from '../../engine/pipeline.ts';
import { plan, type Knowledge, type Last, type Planned } from '../../engine/plan.ts';
import { createResources, type Amounts } from '../../engine/resources.ts';
import { run } from '../../engine/run.ts';
import { turnsOf } from '../../engine/turns.ts';
import { Interrupted, NodeFailure, type TaskRunner } from '../../engine/workers/protocol.ts';
import { execute } from '../../engine/workers/execute.ts';
import { toFailure } from '../../engine/errors.ts';
import type { NodeResult } from '../../engine/world.ts';
import { temporaryFolder } from '../rig.ts';

export interface StageRun {
  readonly plan: ReadonlyMap<string, Planned>;
  readonly results: ReadonlyMap<string, NodeResult>;
  readonly events: readonly Event[];
  /** Names in the order in which they finished executing. */
  readonly executed: readonly string[];
  /** Most nodes that ran at once. */
  readonly atOnce: number;
  /** Seconds that were waited before retries. */
  readonly pauses: readonly number[];
}

export interface Stage {
  /** Where checkpoints lie. */
  readonly cacheFolder: string;
  run(pipeline: Pipeline, options?: StageOptions): Promise<StageRun>;
  plan(pipeline: Pipeline, options?: StageOptions): ReadonlyMap<string, Planned>;
}

export interface StageOptions {
  readonly variants?: readonly Overrides[];
  readonly targets?: readonly string[];
  readonly forced?: readonly string[];
  readonly jobs?: number;
  readonly keepGoing?: boolean;
  readonly resources?: Amounts;
  readonly signal?: AbortSignal;
  /** Digest of a kind's code; a kind that is not here has the code `code of <kind>`. */
  readonly code?: { readonly [kind: string]: string };
}

/** A stage with an empty cache that later runs share. */
export async function stage(): Promise<Stage> {
  const hasher = await loadHasher();
  const store = createMemoryStore();
  const history = new Map<string, Last>();
  const cacheFolder = temporaryFolder();

  const know = ({ code = {}, forced = [] }: StageOptions): Knowledge => {
    const lookUp = (key: Key) => {
      const record = parseRecord(store.getRecordSync(key), key);
      return record && isComplete(store, record) ? record : undefined;
    };
    return {
      hasher,
      lookUp,
      lookUpPredicted: (key) => {
        const resolved = parseAlias(store.getRecordSync(key));
        return resolved && lookUp(resolved);
      },
      last: (name) => history.get(name),
      forced: new Set(forced),
      leaves: ({ kind }) => ({
        code: { digest: code[kind] ?? `code of ${kind}`, parts: { [`${kind}.ts#run`]: code[kind] ?? '1' } },
        files: {},
        env: {},
      }),
    };
  };
  const turns = new Map<string, Promise<void>>();
  const alone = async (key: Key): Promise<() => Promise<void>> => {
    const before = turns.get(key);
    let done = (): void => {};
    turns.set(key, new Promise((resolve) => (done = resolve)));
    await before;
    return async () => done();
  };
  const planned = (pipeline: Pipeline, options: StageOptions, knowledge: Knowledge): Map<string, Planned> =>
    plan(topological(buildGraph(pipeline, options.variants).graph, options.targets), knowledge);

  return {
    cacheFolder,
    plan: (pipeline, options = {}) => planned(pipeline, options, know(options)),
    async run(pipeline, options = {}) {
      const knowledge = know(options);
      const { graph, variants } = buildGraph(pipeline, options.variants);
      const thePlan = plan(topological(graph, options.targets && resolveTargets(graph, options.targets)), knowledge);
      const order = turnsOf(thePlan, variants);
      const pauses: number[] = [];
      const events: Event[] = [];
      const executed: string[] = [];
      let now = 0;
      let atOnce = 0;
      let time = 0;
      const definitions = new Map([...thePlan.values()].map(({ node }) => [node.kind, node.definition]));
      const runner: TaskRunner = {
        async run(task, hooks, signal) {
          atOnce = Math.max(atOnce, (now += 1));
          try {
            const outcome = await execute(definitions.get(task.kind)!, task, store, hooks, signal);
            executed.push(task.node);
            return outcome;
          } catch (error) {
            throw signal.aborted ? new Interrupted(task.node) : new NodeFailure(toFailure(error));
          } finally {
            now -= 1;
          }
        },
        close: async () => {},
      };
      const results = await run({
        plan: thePlan,
        knowledge,
        runner,
        resources: createResources(options.resources ?? { cpu: 2 }, options.jobs ?? 2),
        turn: (node) => order.get(node)!,
        keepGoing: options.keepGoing ?? true,
        pause: async (seconds) => void pauses.push(seconds),
        hardware: 'puppets',
        task: { device: 'auto', workFile: '', cacheFolder, root: cacheFolder },
        signal: options.signal ?? new AbortController().signal,
        listener: (event) => void events.push(event),
        clock: () => (time += 1),
        usage: () => {},
        alone,
        remember: ({ node, key, readable, code, seconds }) =>
          void history.set(node.name, { resolved: key, key: readable(), parts: code.parts, seconds }),
        async record(result, outcome, task) {
          const record = recordFrom({
            key: result.key,
            predicted: result.predicted,
            node: result.node.name,
            kind: result.node.kind,
            readable: { key: result.readable(), parts: result.code.parts },
            artifact: outcome.artifact,
            blobs: outcome.blobs,
            bytes: outcome.bytes,
            seconds: outcome.seconds,
            finished: 0,
            environment: {},
            ...(outcome.summary ? { summary: outcome.summary } : {}),
          });
          await store.putRecord(result.key, record);
          if (result.predicted !== result.key) await store.putRecord(result.predicted, aliasTo(result.key));
          if (outcome.checkpointed) await diskCheckpoint(cacheFolder, task.key, task.lineage).finish();
          return record;
        },
      });
      return { plan: thePlan, results, events, executed, atOnce, pauses };
    },
  };
}
