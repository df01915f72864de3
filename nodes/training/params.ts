// Parameters that several training nodes share, with their ranges and units. Plain schemas: nothing heavy is loaded.
import { z } from 'zod';

export const optimizer = z.enum(['adam', 'sgd']);
export const learningRate = z.number().positive().max(100).describe('at its highest');
export const weightDecay = z.number().min(0).max(1).describe('L2, on every parameter');
export const schedule = z.enum(['cosine', 'constant']);
export const warmup = z.number().min(0).max(0.9).describe('share of all steps in which the learning rate rises');
export const epochs = z.int().min(1).max(100_000);
export const batch = z.int().min(2).max(65_536);
export const clusters = z.int().min(2).max(10_000);
/** It stands in the key, so that results of one precision are never mistaken for those of another. */
export const precision = z
  .enum(['fp32', 'bf16'])
  .default('fp32')
  .describe('bf16: convolutions and matrix products in bfloat16, summed in float32; on the device tensorflow');
