// The SCAN step from end to end: heads at their start, training of the heads or of everything, the choice of a head.
import type { Classifier, Embeddings, Encoder, HeadSpec, Images, Neighbours, Views, Weights } from '../artifacts.ts';
import { backbone } from '../networks/network.ts';
import { checkShape } from '../networks/check-shape.ts';
import { classifyImages, classifyVectors } from '../networks/infer.ts';
import { assignmentsOf, bestHead, scoreHeads } from './choose-head.ts';
import { diagnose } from './diagnose.ts';
import type { Rates, World } from './fit.ts';
import { random } from './random.ts';
import { trainHeads } from './scan-heads.ts';
import { trainNetworkAndHeads } from './scan-network.ts';
import { headsFromKMeans, onlyHead, randomHeads } from './start-heads.ts';
import { KithError } from '../../engine/errors.ts';

export interface Cluster extends Rates {
  readonly train: 'heads' | 'network';
  readonly head: HeadSpec;
  readonly heads: number;
  readonly start: 'k-means' | 'random';
  readonly entropyWeight: number;
  readonly steps: number;
  readonly epochs: number;
  readonly batch: number;
}

export interface ClusterInputs {
  readonly images: Images;
  readonly views: Views;
  readonly encoder: Encoder;
  readonly embeddings: Embeddings;
  readonly neighbours: Neighbours;
}

export async function cluster(inputs: ClusterInputs, params: Cluster, world: World): Promise<Classifier> {
  const { encoder, neighbours } = inputs;
  const { head, entropyWeight } = params;
  checkDimension(inputs, head);
  const heads = startHeads(inputs.embeddings, params, world.seed);
  const trained = await (params.train === 'heads' ? alone(inputs, heads, params, world) : withNetwork(inputs, heads, params, world));
  const scores = scoreHeads(trained.probabilities, neighbours);
  const best = bestHead(scores);
  const assignments = assignmentsOf(trained.probabilities, best);
  return {
    type: 'classifier',
    network: encoder.network,
    weights: onlyHead(trained.weights, head, best),
    head,
    scores,
    curve: trained.curve,
    notes: [],
    warnings: diagnose(assignments, entropyWeight),
    ...assignments,
  };
}

function startHeads({ vectors }: Embeddings, { start, head, heads }: Cluster, seed: number): Weights {
  if (start === 'k-means') return headsFromKMeans(vectors, head, heads, seed);
  return randomHeads(vectors.shape[1]!, head, heads, random(seed).split('heads'));
}

interface Result {
  /** Of network and all heads. */
  readonly weights: Weights;
  readonly curve: readonly number[];
  /** [N, heads, C] on plain images. */
  readonly probabilities: Classifier['probabilities'] & {};
}

const quietly = (world: World): World => ({ ...world, progress: () => {} });

async function alone({ encoder, embeddings, neighbours }: ClusterInputs, heads: Weights, params: Cluster, world: World): Promise<Result> {
  const { weights, curve } = await trainHeads(embeddings.vectors, neighbours, heads, { ...params, rates: params }, world);
  const probabilities = await classifyVectors(embeddings.vectors, weights, params.head, quietly(world));
  return { weights: { ...encoder.weights, ...weights }, curve, probabilities };
}

async function withNetwork(
  { images, views, encoder, neighbours }: ClusterInputs,
  heads: Weights,
  params: Cluster,
  world: World,
): Promise<Result> {
  checkShape(images, encoder.network);
  const all = { ...encoder.weights, ...heads };
  const scan = { ...params, network: encoder.network, policy: views.policy, rates: params };
  const { weights, curve } = await trainNetworkAndHeads(images, neighbours, all, scan, world);
  return { weights, curve, probabilities: await classifyImages(images, encoder.network, weights, params.head, quietly(world)) };
}

/** The heads must fit what the encoder puts out, or the classifier could not be used on images. */
function checkDimension({ encoder: { network }, embeddings }: ClusterInputs, { on }: HeadSpec): void {
  const [made, given] = [on === 'projection' ? network.dimension : backbone(network).width, embeddings.vectors.shape[1]!];
  if (made === given) return;
  throw new KithError('The embeddings are not those of this encoder.', {
    facts: [`embeddings: ${given} numbers each`, `encoder: ${made}`],
    hint: 'Pass the encoder from which the embeddings were made.',
  });
}
