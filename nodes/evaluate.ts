// Figures against labels, for the end result and for every stage before it, so that one sees what each stage gained.
import { z } from 'zod';
import { ndarray } from '../cache/array.ts';
import { defineNode, input, manyInputs, optionalInput } from '../engine/define-node.ts';
import type { Summary, Table } from '../engine/events.ts';
import { KithError } from '../engine/errors.ts';
import type { Assignments, Images, Mapping, Scores, StageScores } from './artifacts.ts';
import { accuracy, hungarian, majority } from './metrics/accuracy.ts';
import { ami } from './metrics/ami.ts';
import { ari } from './metrics/ari.ts';
import { confusion, type Counts } from './metrics/confusion.ts';
import { clusterCounts, labelsOf, type Labelled } from './metrics/labelled.ts';
import { nmi } from './metrics/nmi.ts';
import { perClass } from './metrics/per-class.ts';
import { confusionPicture } from './pictures/confusion-picture.ts';

const HINT = 'Leave evaluate out where there are no labels: the clusters are in the artifact before.';

/**
 * ACC, NMI, AMI, ARI, confusion matrix and figures of each class. Without a `mapping`, clusters are matched to classes by the Hungarian method.
 * Each of `baselines` (by name, in order) is scored with a matching of its own and gets a row in the table.
 */
export const evaluate = defineNode({
  kind: 'evaluate',
  inputs: {
    images: input<Images>(),
    assignments: input<Assignments>(),
    mapping: optionalInput<Mapping>(),
    baselines: manyInputs<Assignments>(),
  },
  params: z.object({ stage: z.string().min(1).default('final').describe('name of the last row of the table') }),
  run: async ({ inputs: { images, assignments, mapping, baselines }, params: { stage } }): Promise<Scores> => {
    const labelled = labelsOf(images, 'Evaluation', HINT);
    const counts = clusterCounts(labelled, assignments, 'The assignments');
    if (mapping) checkMapping(mapping, assignments.clusters, labelled.classes);
    const classOf = mapping?.classOf.data ?? (await hungarian(counts));
    const many = mapping?.method === 'majority';
    const stages: StageScores[] = [];
    for (const [name, baseline] of Object.entries(baselines)) {
      const of = clusterCounts(labelled, baseline, `The assignments of the baseline "${name}"`);
      stages.push(stageScores(name, of, many ? majority(of) : await hungarian(of)));
    }
    const last = stageScores(stage, counts, classOf);
    return {
      type: 'scores',
      acc: last.acc,
      nmi: last.nmi,
      ami: ami(counts),
      ari: last.ari,
      ...classScores(labelled, assignments, classOf),
      stages: [...stages, last],
    };
  },
  summarise: (scores): Summary => {
    const { acc, nmi, ami, ari, stages } = scores;
    const warnings = warningsOf(scores);
    return {
      metrics: { acc, nmi, ami, ari },
      line: `ACC ${figure(acc)}, NMI ${figure(nmi)}, ARI ${figure(ari)}`,
      table: stageTable(stages),
      ...(warnings.length > 0 ? { warnings } : {}),
    };
  },
  metrics: Object.fromEntries(['acc', 'nmi', 'ami', 'ari'].map((name) => [name, { goal: 'max' as const, labels: true }])),
  draw: async ({ confusion, classes, acc, nmi, ari }) => [
    {
      name: 'confusion',
      bytes: await confusionPicture(confusion.data, classes, `ACC ${figure(acc)}  NMI ${figure(nmi)}  ARI ${figure(ari)}`),
    },
  ],
});

function checkMapping({ classOf, classes }: Mapping, clusters: number, expected: readonly string[]): void {
  if (classOf.data.length === clusters && classes.join('\n') === expected.join('\n')) return;
  throw new KithError('The mapping belongs to other assignments or other images.', {
    facts: [
      `It maps ${classOf.data.length} clusters to ${classes.length} classes; here are ${clusters} clusters and ${expected.length} classes.`,
    ],
    hint: 'Pass evaluate the same images and assignments as mapLabels.',
  });
}

const stageScores = (stage: string, counts: Counts, classOf: Int32Array): StageScores => ({
  stage,
  acc: accuracy(counts, classOf),
  nmi: nmi(counts),
  ari: ari(counts),
});

function classScores(
  { labels, classes }: Labelled,
  { assigned }: Assignments,
  classOf: Int32Array,
): Pick<Scores, 'classes' | 'confusion' | 'unmapped' | 'perClass'> {
  const predicted = assigned.data.map((cluster) => classOf[cluster] ?? -1);
  const counts = confusion(labels, classes.length, predicted, classes.length);
  const sizes = Int32Array.from(classes, (_, row) => labels.reduce((sum, label) => sum + Number(label === row), 0));
  return {
    classes,
    confusion: ndarray('int32', [classes.length, classes.length], counts.counts),
    unmapped: labels.reduce((sum, label, i) => sum + Number(label >= 0 && predicted[i]! < 0), 0),
    perClass: perClass(counts, sizes, classes),
  };
}

function stageTable(stages: readonly StageScores[]): Table {
  return {
    title: 'What each stage gained',
    columns: ['stage', 'ACC', 'NMI', 'ARI', 'Δ ACC'],
    rows: stages.map(({ stage, acc, nmi, ari }, i) => [
      stage,
      figure(acc),
      figure(nmi),
      figure(ari),
      i === 0 ? '' : difference(acc - stages[i - 1]!.acc),
    ]),
  };
}

function warningsOf({ stages, unmapped }: Scores): readonly string[] {
  const last = stages.at(-1)!;
  const best = stages.reduce((a, b) => (b.acc > a.acc ? b : a));
  const beaten =
    figure(best.acc) > figure(last.acc)
      ? [`"${best.stage}" does better (ACC ${figure(best.acc)}) than "${last.stage}" after it (${figure(last.acc)}).`]
      : [];
  const lost = unmapped > 0 ? [`${unmapped.toLocaleString('en')} images are in clusters that stand for no class, and count as wrong.`] : [];
  return [...beaten, ...lost];
}

/** Three decimals: what a few thousand images can tell. */
const figure = (share: number): string => share.toFixed(3);
const difference = (change: number): string => {
  const text = change.toFixed(3);
  return text === '-0.000' || text === '0.000' ? '0.000' : text.startsWith('-') ? text.replace('-', '−') : `+${text}`;
};
