// The one public entry: what a pipeline file imports from 'kith'.
export { z } from 'zod';
export { ndarray, type NdArray } from '../cache/array.ts';
export { defineNode, input, manyInputs, optionalInput, type Handle, type RunContext, type Settings } from '../engine/define-node.ts';
export { KithError } from '../engine/errors.ts';
export { choice, float, int, log } from '../engine/sweep/domain.ts';
export { map } from '../engine/map.ts';
export { pipeline, type Pipeline } from '../engine/pipeline.ts';

export { cifar10 } from './data/cifar10.ts';
export { digits } from './data/digits.ts';
export { imageFolder } from './data/image-folder.ts';

export { augment } from './augment.ts';
export { affine, greyThings, handwriting, simclr, simclrColour } from './views/presets.ts';
export { pretext } from './pretext.ts';
export { embed } from './embed.ts';
export { mineNeighbours } from './mine-neighbours.ts';
export { kmeans } from './kmeans.ts';
export { scan } from './scan.ts';
export { selfLabel } from './self-label.ts';
export { mapLabels } from './map-labels.ts';
export { evaluate } from './evaluate.ts';
export { exportOnnx } from './export-onnx.ts';

export type {
  Assignments,
  Classifier,
  Embeddings,
  Encoder,
  HeadSpec,
  Images,
  KMeans,
  Mapping,
  Neighbours,
  NetworkSpec,
  OnnxModel,
  Scores,
  StageScores,
  ViewPolicy,
  Views,
  Weights,
} from './artifacts.ts';
