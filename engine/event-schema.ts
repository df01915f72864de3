// What an event must look like to be believed. A journal is a file like any other: it may be damaged, or come from elsewhere, and whoever
// shows an event relies on its fields. Fields that nobody knows yet pass; events that nobody knows do not.
import { z } from 'zod';
import type { Event } from './events.ts';

const text = z.string();
const number = z.number();
const key = z.string().regex(/^[0-9a-f]{32}$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** JSON has no NaN: a loss that diverged is written as null. */
const numbers = z.record(text, number.nullable());
const table = z.looseObject({ title: text, columns: z.array(text), rows: z.array(z.array(z.union([text, number]))) });
const summary = z.looseObject({
  metrics: numbers.optional(),
  line: text.optional(),
  table: table.optional(),
  warnings: z.array(text).optional(),
});
const failure = z.looseObject({
  headline: text,
  facts: z.array(text),
  hint: text.optional(),
  stack: text.optional(),
  lost: text.optional(),
});
const reason = z.looseObject({
  why: z.enum(['new', 'changed', 'forced', 'damaged', 'upstream']),
  text,
  changes: z.array(z.looseObject({ leaf: text, old: z.json().optional(), new: z.json().optional() })),
});
const planned = z.looseObject({
  name: text,
  kind: text,
  inputs: z.array(text),
  state: z.enum(['cached', 'stale', 'unknown']),
  reason: reason.optional(),
  lastSeconds: number.optional(),
  key,
  summary: summary.optional(),
});
const sweep = z.looseObject({
  name: text,
  strategy: text,
  objective: z.looseObject({ node: text, metric: text, goal: z.enum(['min', 'max']) }),
  limit: number.optional(),
  trials: z.array(
    z.looseObject({
      trial: number,
      params: z.record(text, z.json()),
      score: number.optional(),
      deviation: number.optional(),
      failed: text.optional(),
    }),
  ),
  runs: z.array(z.looseObject({ trial: number, seed: number })),
});
const progress = {
  done: number,
  total: number,
  unit: text,
  metrics: numbers.optional(),
  throughput: z.looseObject({ perSecond: number, of: text }).optional(),
};
const ended = z.looseObject({ state: z.enum(['executed', 'cached', 'failed', 'skipped', 'interrupted']), key, seconds: number });

/** The fields of each event beside `event` and `time`. */
const FIELDS: { readonly [name in Event['event']]: z.ZodRawShape } = {
  'run-started': {
    version: number,
    run: text,
    pipeline: text,
    jobs: number,
    threads: number,
    device: text,
    nodes: z.array(planned),
    variants: z.array(z.record(text, text)).optional(),
    sweep: sweep.optional(),
  },
  'node-waiting': { node: text, for: text },
  'node-cached': { node: text, key, artifact: digest, seconds: number, summary: summary.optional() },
  'node-started': { node: text, key, reason },
  'node-progress': { node: text, ...progress },
  'node-log': { node: text, line: text },
  'node-finished': { node: text, key, artifact: digest, seconds: number, bytes: number, resumed: z.boolean(), summary: summary.optional() },
  'node-retried': { node: text, attempt: number, of: number, pause: number, failure },
  'node-failed': { node: text, seconds: number, failure },
  'node-skipped': { node: text, because: text },
  'node-interrupted': { node: text, seconds: number },
  warning: { text },
  usage: { memory: number, workers: number },
  'run-finished': {
    executed: number,
    cached: number,
    failed: number,
    interrupted: z.boolean(),
    seconds: number,
    nodes: z.record(text, ended),
  },
};

let schemas: Map<string, z.ZodType> | undefined;

/** The event in a line of a journal; undefined where it is none. */
export function parseEvent(line: string): Event | undefined {
  schemas ??= new Map(Object.entries(FIELDS).map(([name, fields]) => [name, z.looseObject({ time: number, ...fields })]));
  try {
    const value = JSON.parse(line) as { readonly event?: unknown };
    const schema = typeof value?.event === 'string' ? schemas.get(value.event) : undefined;
    return schema?.safeParse(value).success ? withNaN(value as Event) : undefined;
  } catch {
    return undefined;
  }
}

function withNaN(event: Event): Event {
  const summary = 'summary' in event ? event.summary : undefined;
  for (const metrics of ['metrics' in event ? event.metrics : undefined, summary?.metrics] as (Record<string, number> | undefined)[])
    for (const name of Object.keys(metrics ?? {})) metrics![name] ??= NaN;
  return event;
}
