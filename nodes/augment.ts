// The policy by which training sees images anew, with a contact sheet, so that one looks before one trains.
import { z } from 'zod';
import { ndarray } from '../cache/array.ts';
import { defineNode, input } from '../engine/define-node.ts';
import type { Images, ViewPolicy, Views } from './artifacts.ts';

const range = (most: number, what: string): z.ZodDefault<z.ZodNumber> => z.number().min(0).max(most).default(0).describe(what);
const chance = (what: string): z.ZodNumber => z.number().min(0).max(1).describe(what);

const affine = z.object({
  rotate: range(Math.PI, '± radians'),
  logScale: range(3, '± log of the scale'),
  logAspect: range(3, '± log of width / height'),
  shear: range(2, '± pixels across a pixel down'),
  shift: range(1, '± half sides'),
});

const colour = z.object({
  brightness: range(1, 'factor 1 ± this'),
  contrast: range(1, 'factor 1 ± this'),
  saturation: range(1, 'factor 1 ± this'),
  hue: range(0.5, '± turns'),
  chance: chance('probability of the whole jitter').default(1),
});

const params = z.object({
  affine: affine.exactOptional().describe('warp with zeros beyond the border'),
  crop: z
    .object({
      area: z
        .tuple([z.number().min(0.01).max(1), z.number().min(0.01).max(1)])
        .readonly()
        .describe('share of the area, lowest and highest'),
    })
    .refine(({ area: [low, high] }) => low <= high, 'the lowest share is above the highest')
    .exactOptional()
    .describe('random resized crop'),
  flip: chance('probability of a horizontal flip').exactOptional(),
  colour: colour.exactOptional().describe('colour jitter'),
  grey: chance('probability of turning grey').exactOptional(),
  gamma: z.number().min(0).max(3).exactOptional().describe('pixel ^ exp(± this)'),
  gain: z.number().min(0).max(3).exactOptional().describe('pixel × (1 ± this), or × exp(± this) with logGain'),
  logGain: z.boolean().exactOptional(),
  noise: z.number().min(0).max(1).exactOptional().describe('standard deviation of Gaussian noise, pixels being 0–1'),
  cutout: z.int().min(1).exactOptional().describe('longest side of a square hole, in pixels'),
  samples: z.int().min(1).max(64).default(8).describe('rows of the contact sheet'),
});

/** Keeps the policy, and draws `samples` images with eight views each. Presets of policies: `affine`, `simclr`, `handwriting`, `greyThings`. */
export const augment = defineNode({
  kind: 'augment',
  inputs: { images: input<Images>() },
  params,
  seeded: true,
  run: async ({ inputs: { images }, params: { samples, ...policy }, ...world }): Promise<Views> => {
    const { contactSheet } = await import('./views/contact-sheet.ts');
    const png = await contactSheet(images, policy, samples, world);
    return { type: 'views', policy, sheet: ndarray('uint8', [png.length], png) };
  },
  summarise: ({ policy }) => ({ line: inWords(policy) }),
  draw: async ({ sheet }) => [{ name: 'views', bytes: sheet.data }],
});

/** `warp, gain, noise`. */
function inWords(policy: ViewPolicy): string {
  const { affine, crop, flip, colour, grey, gamma, gain, noise, cutout } = policy;
  const steps = Object.entries({ crop, flip, warp: affine, 'colour jitter': colour, grey, gamma, gain, noise, cutout });
  return steps.flatMap(([name, step]) => (step ? [name] : [])).join(', ') || 'no augmentation';
}
