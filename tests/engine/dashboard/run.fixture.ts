// A run of the digits pipeline as its events, made by hand: three nodes from the cache, eight executed, 45 seconds.
import type { Event, Failure, NodeState, PlannedNode, Reason, Summary } from '../../../engine/events.ts';

/** When the run starts, in milliseconds since 1970. */
export const START = 1_800_000_000_000;

const SUMMARIES: { readonly [node: string]: Summary } = {
  images: { line: '1,797 images of 8×8, 10 classes' },
  views: { line: 'rotate ±20°, scale ±20 %, shear ±17°, shift ±15 %, gain ±30 %, noise 5 %' },
  pixels: { line: '10 clusters of 1,797 images', metrics: { inertia: 1165.2 } },
  encoder: { line: '125,920 parameters, 56 epochs, loss 3.871', metrics: { loss: 3.871 } },
  embeddings: { line: '1,797 × 128' },
  neighbours: { line: '1,797 × 11, purity 0.976', metrics: { purity: 0.976 } },
  baseline: { line: '10 clusters of 1,797 embeddings' },
  clusters: { line: '8 heads, head 3 chosen, entropy 2.289' },
  labelled: {
    line: '1,762 of 1,797 images agree with 9 of 10 neighbours; accepted',
    warnings: ['2 images were left out: they have no neighbour.'],
  },
  mapping: { line: '10 clusters to 10 classes, Hungarian' },
  scores: {
    metrics: { acc: 0.9844, nmi: 0.9652, ari: 0.9661 },
    table: {
      title: 'Digits, 1,797 images',
      columns: ['stage', 'ACC', 'NMI', 'ARI', 'clusters'],
      rows: [
        ['k-means on pixels', 0.7929, 0.7421, 0.6683, 10],
        ['k-means on embeddings', 0.9783, 0.9541, 0.9538, 10],
        ['SCAN', 0.9816, 0.9622, 0.9581, 10],
        ['self-labelled', 0.9844, 0.9652, 0.9661, 10],
      ],
    },
  },
};

const INPUTS: { readonly [node: string]: readonly string[] } = {
  images: [],
  views: ['images'],
  pixels: ['images'],
  encoder: ['images', 'views'],
  embeddings: ['images', 'encoder'],
  neighbours: ['embeddings'],
  baseline: ['embeddings'],
  clusters: ['images', 'views', 'encoder', 'embeddings', 'neighbours'],
  labelled: ['images', 'views', 'clusters', 'neighbours'],
  mapping: ['images', 'labelled'],
  scores: ['images', 'labelled', 'mapping'],
};
const CACHED = ['images', 'views', 'pixels'];

const REASON: Reason = { why: 'changed', text: 'params.epochs 40 → 56', changes: [{ leaf: 'params.epochs', old: 40, new: 56 }] };
const AFTER: Reason = { why: 'changed', text: 'inputs.encoder changed', changes: [{ leaf: 'inputs.encoder', old: 'a1', new: 'b2' }] };

export const planned: readonly PlannedNode[] = Object.entries(INPUTS).map(([name, inputs]) => ({
  name,
  kind: name,
  inputs,
  state: CACHED.includes(name) ? 'cached' : name === 'encoder' ? 'stale' : 'unknown',
  key: `key-${name}`,
  ...(name === 'encoder' ? { reason: REASON, lastSeconds: 15.1 } : {}),
}));

const at = (seconds: number): number => START + Math.round(seconds * 1000);

const started: Event = {
  time: START,
  event: 'run-started',
  version: 1,
  run: '2026-11-30T10-00-00-1',
  pipeline: 'pipeline.ts',
  jobs: 2,
  threads: 2,
  device: 'onnx',
  nodes: planned,
};

const cached = (name: string, seconds: number): Event => ({
  time: at(seconds),
  event: 'node-cached',
  node: name,
  key: `key-${name}`,
  artifact: `art-${name}`,
  seconds: 0.2,
  summary: SUMMARIES[name] ?? {},
});
const begin = (name: string, seconds: number): Event => ({
  time: at(seconds),
  event: 'node-started',
  node: name,
  key: `key-${name}`,
  reason: name === 'encoder' ? REASON : AFTER,
});
const end = (name: string, from: number, to: number, bytes: number): Event => ({
  time: at(to),
  event: 'node-finished',
  node: name,
  key: `key-${name}`,
  artifact: `art-${name}`,
  seconds: to - from,
  bytes,
  resumed: false,
  summary: SUMMARIES[name] ?? {},
});
const usage = (seconds: number, megabytes: number): Event => ({ time: at(seconds), event: 'usage', memory: megabytes * 1e6, workers: 2 });

/** Progress by the unit between two times; the loss falls from `high` to `low`. */
function work(
  node: string,
  from: number,
  to: number,
  total: number,
  unit: string,
  [high, low]: readonly [number, number],
  perSecond: number,
): Event[] {
  return Array.from({ length: total }, (_, step) => {
    const done = step + 1;
    const loss = low + (high - low) * Math.exp((-4 * done) / total) * (1 + 0.06 * Math.sin(done * 2.4));
    const throughput = { perSecond: perSecond * (1 + 0.04 * Math.sin(done)), of: 'images' };
    return {
      time: at(from + ((to - from) * done) / (total + 1)),
      event: 'node-progress',
      node,
      done,
      total,
      unit,
      metrics: { loss },
      throughput,
    };
  });
}

const encoder: readonly Event[] = [
  begin('encoder', 0.1),
  ...work('encoder', 0.6, 21.4, 56, 'epoch', [6.1, 3.87], 9412),
  end('encoder', 0.1, 21.5, 512_000),
];

const nodes = (state: (name: string) => NodeState): Event & { event: 'run-finished' } => {
  const states = Object.fromEntries(Object.keys(INPUTS).map((name) => [name, { state: state(name), key: `key-${name}`, seconds: 1 }]));
  const amount = (wanted: NodeState): number => Object.values(states).filter((one) => one.state === wanted).length;
  const interrupted = amount('interrupted') > 0;
  return {
    time: at(45.2),
    event: 'run-finished',
    executed: amount('executed'),
    cached: amount('cached'),
    failed: amount('failed'),
    interrupted,
    seconds: 45.2,
    nodes: states,
  };
};

const inOrder = (events: readonly Event[]): readonly Event[] => [...events].sort((one, other) => one.time - other.time);

/** Everything goes well. */
export const digitsRun: readonly Event[] = inOrder([
  started,
  ...CACHED.map((name) => cached(name, 0.05)),
  ...encoder,
  ...Array.from({ length: 44 }, (_, second) => usage(second + 0.5, 310 + 40 * Math.sin(second / 3) + 2 * second)),
  begin('embeddings', 21.6),
  end('embeddings', 21.6, 22.1, 920_064),
  begin('neighbours', 22.2),
  begin('baseline', 22.2),
  end('baseline', 22.2, 22.9, 14_376),
  end('neighbours', 22.2, 22.4, 79_068),
  begin('clusters', 23),
  ...work('clusters', 23.2, 31, 500, 'step', [2.4, 0.31], 34_000),
  end('clusters', 23, 31.1, 98_000),
  begin('labelled', 31.2),
  ...work('labelled', 31.4, 44.4, 24, 'epoch', [1.9, 0.62], 3310),
  end('labelled', 31.2, 44.6, 530_000),
  begin('mapping', 44.7),
  end('mapping', 44.7, 44.8, 128),
  begin('scores', 44.9),
  end('scores', 44.9, 45.1, 2048),
  nodes((name) => (CACHED.includes(name) ? 'cached' : 'executed')),
]);

export const failure: Failure = {
  headline: 'No image agrees with 9 of its 10 neighbours.',
  facts: ['The best agreement is 6 of 10.', 'The smallest cluster has 3 images.'],
  hint: 'Lower agreement (now 0.9), or train the encoder longer.',
};

/** `labelled` fails; what needs it is skipped. */
export const failedRun: readonly Event[] = inOrder([
  ...digitsRun.filter((event) => event.time < at(31.3) && event.event !== 'run-finished'),
  { time: at(33), event: 'node-failed', node: 'labelled', seconds: 1.8, failure },
  { time: at(33), event: 'node-skipped', node: 'mapping', because: 'labelled' },
  { time: at(33), event: 'node-skipped', node: 'scores', because: 'labelled' },
  nodes((name) =>
    CACHED.includes(name) ? 'cached' : name === 'labelled' ? 'failed' : name === 'mapping' || name === 'scores' ? 'skipped' : 'executed',
  ),
]);

/** Stopped in the middle of `encoder`. */
export const interruptedRun: readonly Event[] = inOrder([
  ...digitsRun.filter((event) => event.time < at(10)),
  { time: at(10.2), event: 'node-interrupted', node: 'encoder', seconds: 10.1 },
  nodes((name) => (CACHED.includes(name) ? 'cached' : 'interrupted')),
]);

/** Nothing is stale. */
export const cachedRun: readonly Event[] = [
  { ...started, nodes: planned.map(({ reason: _, ...node }) => ({ ...node, state: 'cached' as const })) },
  ...Object.keys(INPUTS).map((name) => cached(name, 0.05)),
  { ...nodes(() => 'cached'), time: at(0.06), seconds: 0.06 },
];

/** The events until this many seconds after the start. */
export function until(run: readonly Event[], seconds: number): readonly Event[] {
  return run.filter(({ time }) => time <= at(seconds));
}
