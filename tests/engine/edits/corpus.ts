// The corpus: random walks of edits on the sample. After each edit the project is compiled and planned as `kith run` would, its stale nodes
// are taken for run until none is left, and which those were is held against the oracle.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Hasher } from '../../../cache/digest.ts';
import type { ActionRecord, Result } from '../../../cache/record.ts';
import type { Digest, Key } from '../../../cache/store.ts';
import type { Compiled } from '../../../engine/compile.ts';
import type { Table } from '../../../engine/events.ts';
import { buildGraph, topological } from '../../../engine/graph.ts';
import { loadPipeline } from '../../../engine/load.ts';
import { plan, type Planned } from '../../../engine/plan.ts';
import { EDITS } from './edits.ts';
import { mustRun, runPlainly, type Files, type Ran } from './oracle.ts';
import type { Draw } from './syntax.ts';

/** What came of one edit. */
export interface Verdict {
  readonly seed: number;
  readonly step: number;
  readonly kind: string;
  /** The files that the edit changed. */
  readonly changed: Files;
  readonly ran: readonly string[];
  readonly wanted: readonly string[];
  /** Wanted, but not run: stale results. */
  readonly missed: readonly string[];
  /** Run, though the oracle did not want it: wasted work. */
  readonly extra: readonly string[];
}

/** A project on disk. */
export interface Bench {
  readonly folder: string;
  write(files: Files): void;
  compile(): Promise<Compiled>;
  readonly hasher: Hasher;
}

/** Walks `steps` edits away from the project. */
export async function* walk(bench: Bench, project: Files, seed: number, steps: number): AsyncGenerator<Verdict> {
  const draw = generator(seed);
  const kinds = Object.keys(EDITS);
  let files = project;
  let before = await runPlainly(files);
  bench.write(files);
  let known = await runAll(bench, before, new Map());
  for (let step = 0; step < steps; step++) {
    const { kind, changed } = drawEdit(files, kinds, draw);
    files = { ...files, ...changed };
    const after = await runPlainly(files);
    bench.write(changed);
    const now = await runAll(bench, after, known.records);
    const wanted = await mustRun(before, after);
    yield {
      seed,
      step,
      kind,
      changed,
      ran: now.ran,
      wanted: [...wanted],
      missed: [...wanted].filter((name) => !now.ran.includes(name)),
      extra: now.ran.filter((name) => !wanted.has(name)),
    };
    [before, known] = [after, now];
  }
}

function drawEdit(files: Files, kinds: readonly string[], draw: Draw): { readonly kind: string; readonly changed: Files } {
  for (;;) {
    const kind = kinds[draw(kinds.length)]!;
    const changed = EDITS[kind]!(files, draw);
    if (changed) return { kind, changed };
  }
}

type Records = ReadonlyMap<Key, Pick<ActionRecord, keyof Result | 'predicted'>>;

/**
 * Plans until nothing is stale, each stale node being given the result that it has in truth. Returns what ran, and the records of the
 * nodes as they are now and no others: what an older edit left must not help.
 */
async function runAll(
  { folder, compile, hasher }: Bench,
  truth: ReadonlyMap<string, Ran>,
  known: Records,
): Promise<{ readonly ran: string[]; readonly records: Records }> {
  const compiled = await compile();
  const { graph } = buildGraph(await loadPipeline(compiled, { shown: 'pipeline.ts', temporaries: join(folder, 'tmp') }));
  const records = new Map(known);
  const aliases = new Map<Key, Key>([...known].map(([key, { predicted }]) => [predicted, key]));
  const ran: string[] = [];
  const planned = (): Map<string, Planned> =>
    plan(topological(graph), {
      hasher,
      forced: new Set(),
      last: () => undefined,
      lookUp: (key) => records.get(key),
      lookUpPredicted: (key) => records.get(aliases.get(key)!),
      leaves: ({ kind }) => ({ code: compiled.code[kind]!, files: {}, env: {} }),
    });
  for (;;) {
    const now = planned();
    const stale = [...now.values()].filter(({ shown }) => shown.state === 'stale');
    if (stale.length === 0)
      return { ran, records: new Map([...now.values()].map(({ record }) => [record!.key, records.get(record!.key)!])) };
    for (const { node, resolved, predicted } of stale) {
      ran.push(node.name);
      const artifact = createHash('sha256').update(truth.get(node.name)!.result.artifact).digest('hex') as Digest;
      records.set(resolved!, { key: resolved!, predicted, artifact, seconds: 1 } as ActionRecord);
      aliases.set(predicted, resolved!);
    }
  }
}

/** The counts of a corpus as a table: by kind of edit, and in all. */
export function counts(verdicts: readonly Verdict[]): Table {
  const fields = ['ran', 'wanted', 'missed', 'extra'] as const;
  const row = (kind: string, of: readonly Verdict[]): (string | number)[] => [
    kind,
    of.length,
    ...fields.map((field) => of.reduce((sum, verdict) => sum + verdict[field].length, 0)),
  ];
  const kinds = Object.keys(EDITS).map((kind) =>
    row(
      kind,
      verdicts.filter((verdict) => verdict.kind === kind),
    ),
  );
  return {
    title: 'nodes that run after an edit, and nodes that the oracle wants',
    columns: ['kind', 'edits', ...fields],
    rows: [...kinds, row('all', verdicts)],
  };
}

/** Whole numbers from a linear congruential generator. */
function generator(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
