// Self-labelling from end to end: trusted labels, training, and the guard's word on the result.
import { KithError } from '../../engine/errors.ts';
import type { Classifier, Images, Neighbours, Views } from '../artifacts.ts';
import { checkShape } from '../networks/check-shape.ts';
import { classifyImages } from '../networks/infer.ts';
import { assignmentsOf } from './choose-head.ts';
import type { Rates, World } from './fit.ts';
import { learnFixedLabels } from './fixed-labels.ts';
import { judge } from './guard.ts';
import { learnMovingLabels } from './moving-labels.ts';
import { trustedImages } from './trusted-labels.ts';

export interface Relearn extends Rates {
  readonly method: 'agreement' | 'confidence';
  readonly agreement: number;
  readonly neighbours: number;
  readonly augmented: number;
  readonly threshold: number;
  readonly balance: boolean;
  readonly smoothing: number;
  readonly epochs: number;
  readonly batch: number;
  readonly guard: boolean;
}

export interface RelearnInputs {
  readonly images: Images;
  readonly views: Views;
  readonly classifier: Classifier;
  readonly neighbours: Neighbours;
}

export async function relearn(inputs: RelearnInputs, params: Relearn, world: World): Promise<Classifier> {
  const { images, classifier } = inputs;
  checkInputs(inputs);
  const trusted =
    params.method === 'agreement'
      ? trustedImages(classifier, inputs.neighbours, params.agreement, params.neighbours)
      : confidentImages(classifier, params.threshold);
  const share = `${trusted.length.toLocaleString('en')} of ${classifier.assigned.data.length.toLocaleString('en')} images`;
  if (trusted.length < 2)
    return withWarning(classifier, `Self-labelling changed nothing: the labels of ${share} can be trusted. ${remedy(params)}`);
  const { weights, curve } = await learn(inputs, trusted, params, world);
  const probabilities = await classifyImages(images, classifier.network, weights, classifier.head, { ...world, progress: () => {} });
  const assignments = assignmentsOf(probabilities, 0);
  const learned = params.method === 'agreement' ? [`Learned from ${share}, on whose labels their neighbours agree.`] : [];
  if (!params.guard) return { ...classifier, ...assignments, weights, curve, notes: learned, warnings: [] };
  const { accepted, note } = judge(images, classifier, assignments);
  return accepted
    ? { ...classifier, ...assignments, weights, curve, notes: [...learned, note], warnings: [] }
    : withWarning(classifier, note);
}

function learn(
  { images, views: { policy }, classifier }: RelearnInputs,
  trusted: Int32Array,
  params: Relearn,
  world: World,
): ReturnType<typeof learnFixedLabels> {
  return params.method === 'agreement'
    ? learnFixedLabels(images, classifier, { ...params, policy, trusted, rates: params }, world)
    : learnMovingLabels(images, classifier, { ...params, policy, rates: params }, world);
}

/** Images that have a probability above the threshold before training: without any there is nothing to start from. */
function confidentImages({ probabilities, assigned, clusters }: Classifier, threshold: number): Int32Array {
  const surest = (image: number): number => probabilities?.data[image * clusters + assigned.data[image]!] ?? 0;
  return Int32Array.from(assigned.data.keys()).filter((image) => surest(image) > threshold);
}

const remedy = ({ method }: Relearn): string => (method === 'agreement' ? 'Lower agreement.' : 'Lower threshold.');

/** The classifier as it was, and why. */
const withWarning = (classifier: Classifier, warning: string): Classifier => ({ ...classifier, warnings: [warning] });

function checkInputs({ images, classifier, neighbours }: RelearnInputs): void {
  checkShape(images, classifier.network);
  const counts = [images.pixels.shape[0]!, classifier.assigned.data.length, neighbours.indices.shape[0]!];
  if (new Set(counts).size === 1) return;
  throw new KithError('Images, classifier and neighbours are not of the same set.', {
    facts: [`images: ${counts[0]}, classified: ${counts[1]}, neighbours: ${counts[2]}`],
    hint: 'Make all of them from one set of images.',
  });
}
