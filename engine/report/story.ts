// A run as it is told afterwards: its nodes with their times, curves and figures, from its events alone.
import type { Event, Failure, NodeState, Reason, Summary, SweepPart } from '../events.ts';

export interface Story {
  readonly run: string;
  readonly pipeline: string;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Seconds from its start to its last event. */
  readonly seconds: number;
  readonly jobs: number;
  readonly threads: number;
  readonly device: string;
  /** Why it is that one, where none was asked for. */
  readonly deviceReason?: string;
  readonly ended: 'finished' | 'failed' | 'interrupted' | 'open';
  readonly nodes: readonly NodeStory[];
  /** Names of the pipeline → nodes, of each variant; absent where there is one only. */
  readonly variants?: readonly { readonly [name: string]: string }[];
  /** The sweep that it is a part of. */
  readonly sweep?: SweepPart;
  readonly warnings: readonly string[];
}

export interface NodeStory {
  readonly name: string;
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly state: NodeState | 'waiting';
  /** Seconds that its result cost, in this run or in the one that made it. */
  readonly seconds?: number;
  /** When it ran in this run, in seconds after the run's start. */
  readonly ran?: { readonly from: number; readonly to: number };
  readonly reason?: Reason;
  readonly key: string;
  readonly artifact?: string;
  readonly bytes?: number;
  readonly resumed?: boolean;
  readonly summary?: Summary;
  readonly failure?: Failure;
  readonly attempts: number;
  /** What was counted, and the values of each metric at those counts. */
  readonly curves: readonly Curve[];
}

export interface Curve {
  readonly metric: string;
  readonly unit: string;
  readonly points: readonly (readonly [done: number, value: number])[];
}

type Draft = { -readonly [F in keyof NodeStory]: NodeStory[F] } & { startedAt?: number; courses: Map<string, Course> };
interface Course {
  readonly unit: string;
  readonly points: [number, number][];
}

/** Undefined where the events do not begin with a run. */
export function tell(events: readonly Event[]): Story | undefined {
  const [first] = events;
  if (first?.event !== 'run-started') return undefined;
  const { run, pipeline, time: started, jobs, threads, device, deviceReason, variants, sweep } = first;
  const nodes = new Map(
    first.nodes.map(({ name, kind, inputs, key, summary }): [string, Draft] => [
      name,
      { name, kind, inputs, key, state: 'waiting', attempts: 0, curves: [], courses: new Map(), ...(summary ? { summary } : {}) },
    ]),
  );
  const warnings: string[] = [];
  for (const event of events) {
    if (event.event === 'warning') warnings.push(event.text);
    else if (event.event === 'run-finished') for (const [name, { state }] of Object.entries(event.nodes)) nodes.get(name)!.state = state;
    else if ('node' in event) note(nodes.get(event.node)!, event, started);
  }
  const last = events.at(-1)!;
  return {
    run,
    pipeline,
    started,
    seconds: (last.time - started) / 1000,
    jobs,
    threads,
    device,
    ...(deviceReason === undefined ? {} : { deviceReason }),
    ended: last.event !== 'run-finished' ? 'open' : last.interrupted ? 'interrupted' : last.failed > 0 ? 'failed' : 'finished',
    nodes: [...nodes.values()].map(finish),
    warnings,
    ...(variants ? { variants } : {}),
    ...(sweep ? { sweep } : {}),
  };
}

function note(node: Draft, event: Extract<Event, { readonly node: string }>, started: number): void {
  const at = (event.time - started) / 1000;
  const ends = (): void => void (node.ran = { from: node.startedAt ?? at, to: at });
  switch (event.event) {
    case 'node-started':
      node.attempts += 1;
      node.startedAt ??= at;
      node.key = event.key;
      node.reason = event.reason;
      return;
    case 'node-progress':
      return progress(node.courses, event);
    case 'node-cached':
      Object.assign(node, { state: 'cached', key: event.key, artifact: event.artifact, seconds: event.seconds }, summaryOf(event));
      return;
    case 'node-finished': {
      const { key, artifact, seconds, bytes, resumed } = event;
      Object.assign(node, { state: 'executed', key, artifact, seconds, bytes, resumed }, summaryOf(event));
      return ends();
    }
    case 'node-failed':
      Object.assign(node, { state: 'failed', seconds: event.seconds, failure: event.failure });
      return ends();
    case 'node-interrupted':
      Object.assign(node, { state: 'interrupted', seconds: event.seconds });
      return event.seconds > 0 ? ends() : undefined;
    case 'node-skipped':
      node.state = 'skipped';
      return;
    default:
      return;
  }
}

const summaryOf = ({ summary }: { readonly summary?: Summary }): { readonly summary?: Summary } => (summary ? { summary } : {});

function progress(courses: Map<string, Course>, { done, unit, metrics = {} }: Event & { event: 'node-progress' }): void {
  for (const [metric, value] of Object.entries(metrics)) {
    const known = courses.get(`${metric} ${unit}`) ?? { unit, points: [] };
    courses.set(`${metric} ${unit}`, known);
    known.points.push([done, value]);
  }
}

function finish({ courses, startedAt: _, ...node }: Draft): NodeStory {
  const curves = [...courses].map(([name, { unit, points }]) => ({ metric: name.slice(0, -unit.length - 1), unit, points }));
  return { ...node, curves: curves.filter(({ points }) => points.length > 1) };
}
