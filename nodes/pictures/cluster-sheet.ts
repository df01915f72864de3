// What a clustering found, to look at: one row a cluster, its surest images from the left.
import type { ShownFile } from '../../engine/define-node.ts';
import type { Assignments, Images } from '../artifacts.ts';
import { imageGrid } from './image-grid.ts';

/** Images shown of each cluster. */
const COLUMNS = 12;

/** A contact sheet of the clusters in their order; where there are no probabilities (k-means), of their first images. */
export async function clusterSheet(assignments: Assignments, images: Images): Promise<ShownFile> {
  const rows = Array.from({ length: assignments.clusters }, (_, cluster) => surest(assignments, cluster));
  return { name: 'clusters', bytes: await imageGrid(images, rows.flat(), { columns: COLUMNS }) };
}

/** Indices of the images of a cluster by falling probability, filled up with −1. */
export function surest({ assigned, probabilities, clusters }: Assignments, cluster: number): number[] {
  const members = [...assigned.data.keys()].filter((image) => assigned.data[image] === cluster);
  const sure = (image: number): number => probabilities?.data[image * clusters + cluster] ?? 0;
  const best = members.sort((a, b) => sure(b) - sure(a) || a - b).slice(0, COLUMNS);
  return [...best, ...Array.from({ length: COLUMNS - best.length }, () => -1)];
}
