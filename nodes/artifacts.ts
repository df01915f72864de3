// The types that travel on edges: shapes, dtypes, units. N images, H×W pixels, C channels, D dimensions, K neighbours.
import type { NdArray } from '../cache/array.ts';

/** Images, decoded; labels only where the source has them. */
export interface Images {
  readonly type: 'images';
  /** [N, H, W, C], 0–255 (readers scale other ranges to it); C is 1 or 3. */
  readonly pixels: NdArray<'uint8'>;
  /** [N] class indices into `classes`, −1 where unknown, or absent: labels are read by `mapLabels`, `evaluate` and purity reports only. */
  readonly labels?: NdArray<'int32'>;
  readonly classes?: readonly string[];
  /** A name for each image (a file's path, or its index in the source). */
  readonly names: readonly string[];
  /** What could not be read, as sentences. */
  readonly unread: readonly string[];
}

/** An augmentation policy (plain data, see `views/policy.ts`) and a contact sheet of what it does. */
export interface Views {
  readonly type: 'views';
  readonly policy: ViewPolicy;
  /** PNG bytes: a few images a row, first plain, then augmented. */
  readonly sheet: NdArray<'uint8'>;
}

/** One random view of an image: uniform ranges, all optional; a missing step is not applied. Angles in radians, shifts in half sides. */
export interface ViewPolicy {
  /** Inverse affine warp, bilinear, zero padding: ± rotation, ± log scale, ± log aspect ratio, ± shear, ± shift. */
  readonly affine?: {
    readonly rotate: number;
    readonly logScale: number;
    readonly logAspect: number;
    readonly shear: number;
    readonly shift: number;
  };
  /** Random resized crop: area fraction [low, high], aspect ratio 3/4–4/3. */
  readonly crop?: { readonly area: readonly [number, number] };
  /** Probability of a horizontal flip. */
  readonly flip?: number;
  /** With probability `chance`: brightness, contrast, saturation factors 1 ± x, hue ± x turns (three channels; one channel: brightness and contrast). */
  readonly colour?: {
    readonly brightness: number;
    readonly contrast: number;
    readonly saturation: number;
    readonly hue: number;
    readonly chance: number;
  };
  /** Probability of turning a colour image grey. */
  readonly grey?: number;
  /** pixel ^ exp(U(±gamma)). */
  readonly gamma?: number;
  /** pixel × exp(U(±gain)) where `logGain`, pixel × (1 + U(±gain)) otherwise. */
  readonly gain?: number;
  readonly logGain?: boolean;
  /** Standard deviation of Gaussian noise on pixels in 0–1. */
  readonly noise?: number;
  /** One square hole of side U(1, cutout) pixels filled with the mean. */
  readonly cutout?: number;
}

/** A convolutional network as plain data; `networks/` builds the functions from it. */
export interface NetworkSpec {
  /** `small`: [conv 3×3, batch norm, ReLU] a layer, global average pool. `resnet`: stem, then four stages of basic blocks. */
  readonly architecture: 'small' | 'resnet';
  /** small: channels a layer. resnet: channels a stage. */
  readonly channels: readonly number[];
  /** small: stride a layer. resnet: blocks a stage. */
  readonly strides?: readonly number[];
  readonly blocks?: readonly number[];
  /** Input height, width, channels. */
  readonly input: readonly [number, number, number];
  /** Dimension of the projection z. */
  readonly dimension: number;
  /** Pixels are divided by this, then normalised per channel by `mean` and `deviation`. */
  readonly normalise: { readonly divide: number; readonly mean: readonly number[]; readonly deviation: readonly number[] };
}

export type Weights = { readonly [name: string]: NdArray<'float32'> };

/** A trained encoder: backbone and projection head, batch-norm statistics included. */
export interface Encoder {
  readonly type: 'encoder';
  readonly network: NetworkSpec;
  readonly weights: Weights;
  /** Loss of each epoch. */
  readonly curve: readonly number[];
  /** Images that went through the network in training, each view counted. */
  readonly seen: number;
}

/** One vector an image, L2-normalised where `normalised`. */
export interface Embeddings {
  readonly type: 'embeddings';
  /** [N, D] */
  readonly vectors: NdArray<'float32'>;
  readonly normalised: boolean;
  /** Which output of an encoder they are; absent for vectors from elsewhere. */
  readonly of?: 'projection' | 'features';
}

/** The K nearest neighbours of each image: [N, K+1], the image itself first, then by falling cosine similarity. */
export interface Neighbours {
  readonly type: 'neighbours';
  readonly indices: NdArray<'int32'>;
  /** Share of neighbours (self excluded) with the anchor's label; only where labels exist. */
  readonly purity?: number;
}

/** A cluster for each image, with a probability: the output of k-means, SCAN and self-labelling alike. */
export interface Assignments {
  /** [N] cluster indices, 0 … clusters−1. */
  readonly clusters: number;
  readonly assigned: NdArray<'int32'>;
  /** [N, clusters] soft assignments; absent for k-means. */
  readonly probabilities?: NdArray<'float32'>;
}

/** k-means: assignments and centres [clusters, D] of the vectors (or pixels) clustered. */
export interface KMeans extends Assignments {
  readonly type: 'kmeans';
  readonly centres: NdArray<'float32'>;
  /** Sum of squared distances to the centres. */
  readonly inertia: number;
}

/** A network with a clustering head: SCAN's and self-labelling's output. */
export interface Classifier extends Assignments {
  readonly type: 'classifier';
  readonly network: NetworkSpec;
  /** Backbone and projection as in the encoder, the head as `head/…`. */
  readonly weights: Weights;
  readonly head: HeadSpec;
  /** Label-free score of each head (lower is better); the chosen one is kept. */
  readonly scores: readonly { readonly head: number; readonly consistency: number; readonly entropy: number; readonly score: number }[];
  readonly curve: readonly number[];
  /** Sentences on what was decided without labels, e.g. by the guard of self-labelling. */
  readonly notes: readonly string[];
  /** Sentences that a user should read: dead clusters, a result that was rejected. */
  readonly warnings: readonly string[];
}

/** `cosine`: logits = scale · cos(z, W) + b on the projection z. `linear`: logits = hW + b on the features h. */
export interface HeadSpec {
  readonly on: 'projection' | 'features';
  readonly kind: 'cosine' | 'linear';
  readonly clusters: number;
  readonly scale: number;
}

/** Which class each cluster stands for. */
export interface Mapping {
  readonly type: 'mapping';
  readonly method: 'hungarian' | 'majority' | 'mode';
  /** [clusters] class index, −1 where none. */
  readonly classOf: NdArray<'int32'>;
  readonly classes: readonly string[];
  /** For each class the most common clusters with their counts, for overrides by hand. */
  readonly common: readonly {
    readonly class: string;
    readonly clusters: readonly { readonly cluster: number; readonly count: number }[];
  }[];
  readonly notes: readonly string[];
}

export interface StageScores {
  readonly stage: string;
  readonly acc: number;
  readonly nmi: number;
  readonly ari: number;
}

/** Figures against labels; ACC, NMI, ARI in 0–1. */
export interface Scores {
  readonly type: 'scores';
  readonly acc: number;
  readonly nmi: number;
  readonly ami: number;
  readonly ari: number;
  readonly classes: readonly string[];
  /** [classes, classes] counts, rows are true classes, columns predicted ones. */
  readonly confusion: NdArray<'int32'>;
  /** Labelled images in clusters that stand for no class: wrong in `acc`, and in no column of `confusion`. */
  readonly unmapped: number;
  readonly perClass: readonly {
    readonly class: string;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly count: number;
  }[];
  /** Baselines first, the scored assignments last. */
  readonly stages: readonly StageScores[];
}

/** A trained network as an ONNX file for other programs. */
export interface OnnxModel {
  readonly type: 'onnx';
  /** The bytes of the file. */
  readonly model: NdArray<'uint8'>;
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

export interface OnnxPort {
  readonly name: string;
  readonly dtype: 'float32' | 'uint8';
  /** A name stands for a side of any length. */
  readonly shape: readonly (number | string)[];
}
