// The chain on a folder of class folders of pictures, e.g. CIFAR-10 as JPEG files in `images/<class>/`: labels come from the folders and are
// read by the last two steps only.
import { augment, embed, evaluate, imageFolder, kmeans, mapLabels, mineNeighbours, pipeline, pretext, scan, selfLabel, simclr } from 'kith';

const images = imageFolder({}, { path: 'images', size: 32, limit: 3000 });
const views = augment({ images }, simclr());
const encoder = pretext({ images, views }, { epochs: 12, batch: 128, temperature: 0.5, channels: [32, 64, 128], strides: [2, 2, 2] });
const embeddings = embed({ images, encoder });
const neighbours = mineNeighbours({ embeddings, images }, { k: 10 });
const clusters = scan({ images, views, encoder, embeddings, neighbours }, { clusters: 10 });
const labelled = selfLabel({ images, views, classifier: clusters, neighbours }, { epochs: 4 });
const pixels = kmeans({ images }, { clusters: 10 });
const baseline = kmeans({ embeddings }, { clusters: 10 });
const mapping = mapLabels({ images, assignments: labelled });
const scores = evaluate(
  { images, assignments: labelled, mapping, baselines: { 'pixel k-means': pixels, 'embedding k-means': baseline, SCAN: clusters } },
  { stage: 'self-labelled' },
);

export default pipeline({ images, views, encoder, embeddings, neighbours, pixels, baseline, clusters, labelled, mapping, scores });
