// The digits experiment: 1,797 handwritten digits, classified without labels. Declares the steps; never runs them.
// `npm start` runs it; change a number and only what depends on it runs again.
import { affine, augment, digits, embed, evaluate, kmeans, mapLabels, mineNeighbours, pipeline, pretext, scan, selfLabel } from 'kith';

const images = digits();

// Views for contrastive learning: digits may turn, stretch and shift a little, but not flip.
const views = augment({ images }, affine({ rotate: 0.35, logScale: 0.2, logAspect: 0.1, shear: 0.3, shift: 0.15, gain: 0.3, noise: 0.05 }));

// SimCLR: two views of one image attract, all others repel.
const encoder = pretext(
  { images, views },
  { epochs: 56, batch: 256, temperature: 0.5, learningRate: 2e-3, channels: [32, 64, 128], strides: [1, 2, 1] },
);
const embeddings = embed({ images, encoder });
const neighbours = mineNeighbours({ embeddings, images }, { k: 10 });

// SCAN: an image and its neighbours belong to one cluster, and all clusters are used.
const clusters = scan({ images, views, encoder, embeddings, neighbours }, { clusters: 10, heads: 8, train: 'heads', entropyWeight: 5 });

// Self-labelling: learn from the labels on which an image and its neighbours agree.
const labelled = selfLabel({ images, views, classifier: clusters, neighbours }, { agreement: 0.9, epochs: 24 });

// Two cheap baselines beside it.
const pixels = kmeans({ images }, { clusters: 10 });
const baseline = kmeans({ embeddings }, { clusters: 10 });

// Labels are read from here on only.
const mapping = mapLabels({ images, assignments: labelled }, { method: 'hungarian' });
const scores = evaluate(
  { images, assignments: labelled, mapping, baselines: { 'pixel k-means': pixels, 'embedding k-means': baseline, SCAN: clusters } },
  { stage: 'self-labelled' },
);

export default pipeline({ images, views, encoder, embeddings, neighbours, pixels, baseline, clusters, labelled, mapping, scores });
