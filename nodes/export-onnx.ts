// A trained network for other programs: an ONNX file that takes raw pixels, with the preprocessing inside.
import { z } from 'zod';
import { defineNode, optionalInput } from '../engine/define-node.ts';
import { KithError } from '../engine/errors.ts';
import type { Classifier, Encoder, OnnxModel } from './artifacts.ts';

const params = z.object({
  outputs: z
    .array(z.enum(['embedding', 'features', 'probabilities']))
    .min(1)
    .exactOptional()
    .describe('embedding for an encoder, probabilities for a classifier; features: h, as the backbone gives it'),
  batch: z
    .union([z.literal('dynamic'), z.int().min(1).max(65_536)])
    .default('dynamic')
    .describe('images a call; dynamic: any number'),
  pixels: z.enum(['float32', 'uint8']).default('float32').describe('how a program hands in pixels; 0–255 in either'),
});

/** The model of an encoder or of a classifier, one of the two. `kith show` writes it as a file that any ONNX runtime (opset 17) reads. */
export const exportOnnx = defineNode({
  kind: 'export-onnx',
  inputs: { encoder: optionalInput<Encoder>(), classifier: optionalInput<Classifier>() },
  params,
  run: async ({ inputs: { encoder, classifier }, params: { outputs, batch, pixels } }): Promise<OnnxModel> => {
    const source = encoder ?? classifier;
    if (!source || (encoder && classifier)) {
      throw new KithError('exportOnnx takes an encoder or a classifier, one of the two.', {
        facts: [source ? 'Both were given.' : 'Neither was given.'],
        hint: 'Write exportOnnx({ encoder }) or exportOnnx({ classifier }).',
      });
    }
    const wanted = [...new Set(outputs ?? [classifier ? ('probabilities' as const) : ('embedding' as const)])];
    if (encoder && wanted.includes('probabilities')) {
      throw new KithError('An encoder has no probabilities.', { hint: 'Export a classifier, or the outputs embedding and features.' });
    }
    const { onnxModel } = await import('./networks/onnx-model.ts');
    const { network, weights } = source;
    return onnxModel({ network, weights, head: classifier?.head, outputs: wanted, batch, pixels });
  },
  summarise: ({ model, inputs, outputs }) => {
    const ports = (list: OnnxModel['inputs']): string => list.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
    return { metrics: { bytes: model.data.length }, line: `ONNX: ${ports(inputs)} → ${ports(outputs)}` };
  },
  draw: async ({ model }) => [{ extension: 'onnx', bytes: model.data }],
});
