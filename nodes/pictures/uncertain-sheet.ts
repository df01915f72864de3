// Where a clustering hesitates: the images with the least distance between their two best clusters, the most doubtful first.
import type { ShownFile } from '../../engine/define-node.ts';
import type { Assignments, Images } from '../artifacts.ts';
import { imageGrid } from './image-grid.ts';

const [ROWS, COLUMNS] = [4, 12];

/** Nothing where there are no probabilities. */
export async function uncertainSheet(assignments: Assignments, images: Images): Promise<readonly ShownFile[]> {
  const indices = leastSure(assignments, ROWS * COLUMNS);
  return indices.length === 0 ? [] : [{ name: 'uncertain', bytes: await imageGrid(images, indices, { columns: COLUMNS }) }];
}

/** Indices of the `most` images by rising margin: the best probability less the second best. */
export function leastSure({ assigned, probabilities, clusters }: Assignments, most: number): number[] {
  if (!probabilities) return [];
  const margins = Float32Array.from(assigned.data, (_, image) => {
    const [first = 0, second = 0] = probabilities.data.slice(image * clusters, (image + 1) * clusters).sort().reverse(); // prettier-ignore
    return first - second;
  });
  return [...margins.keys()].sort((a, b) => margins[a]! - margins[b]! || a - b).slice(0, most);
}
