// Which labels self-labelling trusts: those on which an image and its neighbours agree. Looks at assignments only.
import type { Assignments, Neighbours } from '../artifacts.ts';

/**
 * Indices of the images of which at least the share `agreement` of the first `count` neighbours (or all, if there are fewer) carry the
 * image's own label, in rising order.
 */
export function trustedImages({ assigned }: Assignments, { indices }: Neighbours, agreement: number, count: number): Int32Array {
  const columns = indices.shape[1]!;
  const asked = Math.min(count, columns - 1);
  const needed = agreement * asked - 1e-9;
  const agreeing = (image: number): number => {
    let same = 0;
    for (let k = 1; k <= asked; k++) if (assigned.data[indices.data[image * columns + k]!] === assigned.data[image]) same++;
    return same;
  };
  return Int32Array.from(assigned.data.keys()).filter((image) => agreeing(image) >= needed);
}

/** n / (C' · n_c) for the C' clusters that hold any of these images, 0 for the others: all clusters weigh the same, 1 on average over the images. */
export function clusterWeights({ assigned, clusters }: Assignments, images: Int32Array): Float32Array {
  const sizes = new Float32Array(clusters);
  for (const image of images) sizes[assigned.data[image]!]!++;
  const present = sizes.filter((size) => size > 0).length;
  return sizes.map((size) => (size > 0 ? images.length / (present * size) : 0));
}
