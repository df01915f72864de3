// Names for clusters: which class each stands for, read off whatever labels there are. Labels decide something here and nowhere before.
import { z } from 'zod';
import { ndarray } from '../cache/array.ts';
import { defineNode, input } from '../engine/define-node.ts';
import type { Assignments, Images, Mapping } from './artifacts.ts';
import { everyNth } from './data/even-sample.ts';
import { hungarian, majority } from './metrics/accuracy.ts';
import type { Counts } from './metrics/confusion.ts';
import { clusterCounts, labelsOf, type Labelled } from './metrics/labelled.ts';
import { commonClusters, modeMapping, type CommonClusters } from './metrics/mode-mapping.ts';
import { checkOverrides } from './metrics/overrides.ts';

const HINT = 'Put a few images into class folders, or leave mapLabels and evaluate out: the clusters themselves need no labels.';

/**
 * Maps clusters to classes. `hungarian`: the best one-to-one matching; `majority`: each cluster stands for its most common class;
 * `mode`: each class takes the cluster in which most of `samples` of its images lie, and disputes are named. `overrides` have the last word.
 */
export const mapLabels = defineNode({
  kind: 'map-labels',
  inputs: { images: input<Images>(), assignments: input<Assignments>() },
  params: z.object({
    method: z.enum(['hungarian', 'majority', 'mode']).default('hungarian').describe('how clusters get their classes'),
    samples: z.int().min(1).default(1000).describe('mode: images looked at in each class'),
    overrides: z.record(z.string(), z.int().min(0)).default({}).describe('clusters set by hand, e.g. { cat: 3 }'),
  }),
  run: async ({ inputs: { images, assignments }, params }): Promise<Mapping> => {
    const all = labelsOf(images, 'Mapping clusters to classes', HINT);
    const { method } = params;
    const counts = clusterCounts(method === 'mode' ? sample(all, params.samples) : all, assignments, 'The assignments');
    const common = commonClusters(counts, all.classes);
    const overrides = checkOverrides(params.overrides, all.classes, assignments.clusters);
    const { classOf, notes } =
      method === 'mode' ? modeMapping(common, assignments.clusters, overrides) : await match(method, counts, common, overrides);
    return { type: 'mapping', method, classOf: ndarray('int32', [assignments.clusters], classOf), classes: all.classes, common, notes };
  },
  summarise: ({ method, classOf, classes, notes }) => {
    const named = classOf.data.filter((row) => row >= 0);
    const line = `${named.length} of ${classOf.data.length} clusters stand for ${new Set(named).size} of ${classes.length} classes (${method})`;
    return notes.length > 0 ? { line, warnings: notes } : { line };
  },
});

/** Keeps the labels of `samples` evenly spaced images of each class; the others become −1. */
function sample({ labels, classes }: Labelled, samples: number): Labelled {
  const kept = new Int32Array(labels.length).fill(-1);
  for (const row of classes.keys()) {
    const members = [...labels.keys()].filter((i) => labels[i] === row);
    for (const i of everyNth(members, samples)) kept[i] = row;
  }
  return { labels: kept, classes };
}

/** The optimal matching with the overrides put over it. */
async function match(
  method: 'hungarian' | 'majority',
  counts: Counts,
  common: readonly CommonClusters[],
  overrides: ReadonlyMap<number, number>,
): Promise<{ readonly classOf: Int32Array; readonly notes: readonly string[] }> {
  const classOf = method === 'hungarian' ? await hungarian(counts) : majority(counts);
  for (const [row, cluster] of overrides) {
    if (method === 'hungarian') classOf.forEach((of, other) => of === row && (classOf[other] = -1));
    classOf[cluster] = row;
  }
  const without = common.filter((_, row) => !classOf.includes(row)).map((of) => of.class);
  return { classOf, notes: without.length > 0 ? [`No cluster stands for ${without.join(', ')}.`] : [] };
}
