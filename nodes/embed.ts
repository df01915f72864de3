// A vector for each plain image: what neighbours, k-means and SCAN's heads work on.
import { z } from 'zod';
import { defineNode, input } from '../engine/define-node.ts';
import { checkShape } from './networks/check-shape.ts';
import type { Embeddings, Encoder, Images } from './artifacts.ts';

export const embed = defineNode({
  kind: 'embed',
  inputs: { images: input<Images>(), encoder: input<Encoder>() },
  params: z.object({
    which: z
      .enum(['projection', 'features'])
      .default('projection')
      .describe('projection: z, scaled to length 1; features: h, as the backbone gives it'),
  }),
  resources: { cpu: 'all' },
  run: async ({ inputs: { images, encoder }, params: { which }, ...world }): Promise<Embeddings> => {
    checkShape(images, encoder.network);
    const { embedImages } = await import('./networks/infer.ts');
    const vectors = await embedImages(images, encoder.network, encoder.weights, which, world);
    return { type: 'embeddings', vectors, normalised: which === 'projection', of: which };
  },
  summarise: ({ vectors: { shape }, of }) => ({
    line: `${shape[0]!.toLocaleString('en')} vectors of ${shape[1]} numbers (${of ?? 'vectors'})`,
  }),
  draw: async (embeddings, { images }) => {
    const { embeddingMap } = await import('./pictures/embedding-map.ts');
    return [await embeddingMap(embeddings, images)];
  },
});
