// The border to labels: the three places that read them (mapping, evaluation, purity) ask here, and say what is missing in a sentence.
import { KithError } from '../../engine/errors.ts';
import type { Assignments, Images } from '../artifacts.ts';
import { confusion, type Counts } from './confusion.ts';

export interface Labelled {
  /** [N] class of each image, −1 where unknown. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
}

/** The labels of the images. Throws a KithError where there are none; `what` needs them, e.g. `Mapping clusters to classes`. */
export function labelsOf({ labels, classes, pixels }: Images, what: string, hint: string): Labelled {
  if (!labels || !classes || !labels.data.some((label) => label >= 0)) {
    throw new KithError(`${what} needs a few labels, and these images have none.`, {
      facts: [`${pixels.shape[0]} images, no labels.`],
      hint,
    });
  }
  return { labels: labels.data, classes };
}

/** Counts of classes (rows) by clusters (columns). Throws a KithError where the assignments are of other images; `name` says whose they are. */
export function clusterCounts({ labels, classes }: Labelled, { assigned, clusters }: Assignments, name: string): Counts {
  if (assigned.data.length !== labels.length) {
    throw new KithError(`${name} belong to other images.`, {
      facts: [`${labels.length} images, ${assigned.data.length} assignments.`],
      hint: 'Pass the images from which the assignments were made.',
    });
  }
  return confusion(labels, classes.length, assigned.data, clusters);
}
