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
/** The only precision so far; it stands in the key, so that results of another one are never mistaken for these. */
export const precision = z.literal('fp32').default('fp32');
