// What is visibly wrong with a clustering, in sentences that name the likely cause and the parameter to turn. Needs no labels.
import type { Assignments } from '../artifacts.ts';
import { clusterSizes } from './choose-head.ts';

/** A cluster below this share of an even one is called nearly empty. */
const SMALL = 0.1;

export function diagnose(assignments: Assignments, entropyWeight: number): string[] {
  const sizes = clusterSizes(assignments);
  const even = assignments.assigned.data.length / assignments.clusters;
  const all = [...sizes.keys()];
  const dead = all.filter((cluster) => sizes[cluster] === 0);
  const small = all.filter((cluster) => sizes[cluster]! > 0 && sizes[cluster]! < SMALL * even);
  const notes: string[] = [];
  if (dead.length > 0) {
    notes.push(
      `${named(dead)} ${dead.length === 1 ? 'holds' : 'hold'} no images: the entropy term is too weak for this batch (raise entropyWeight, now ${entropyWeight}, or batch), ` +
        `or there are fewer groups than clusters (now ${assignments.clusters}).`,
    );
  }
  if (small.length > 0)
    notes.push(
      `${named(small)} ${small.length === 1 ? 'is' : 'are'} nearly empty (below a tenth of an even share of ${Math.round(even)} images).`,
    );
  return notes;
}

const named = (clusters: readonly number[]): string =>
  clusters.length === 1 ? `Cluster ${clusters[0]}` : `Clusters ${clusters.join(', ')}`;
