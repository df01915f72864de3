// Arithmetic nodes for engine tests, without packages: their source as a pipeline file.

/** A pipeline of numbers: `a` feeds `b` and `c`, which feed `d`; each logs a line, so that runs can be counted. */
export const DIAMOND = `
import { defineNode, input, manyInputs, pipeline, z } from 'kith';
import { add } from './helper.ts';
import { unrelated } from './unrelated.ts';

export const constant = defineNode({ kind: 'constant', inputs: {}, params: z.object({ value: z.number().min(0).max(100).default(1).describe('any number') }),
  run: async ({ params }) => ({ value: params.value }) });
export const plus = defineNode({ kind: 'plus', inputs: { x: input<{ value: number }>() }, params: z.object({ amount: z.number().default(1) }),
  run: async ({ inputs, params, log }) => { log('adding ' + params.amount); return { value: add(inputs.x.value, params.amount) }; },
  summarise: ({ value }) => ({ line: 'value ' + value, metrics: { value } }) });
export const parity = defineNode({ kind: 'parity', inputs: { x: input<{ value: number }>() }, params: z.object({}),
  run: async ({ inputs }) => ({ value: unrelated(inputs.x.value) }) });
export const total = defineNode({ kind: 'total', inputs: { terms: manyInputs<{ value: number }>() }, params: z.object({}),
  run: async ({ inputs }) => ({ value: Object.values(inputs.terms).reduce((sum, { value }) => sum + value, 0) }),
  summarise: ({ value }) => ({ metrics: { value } }) });

const a = constant({}, { value: 3 });
const b = plus({ x: a }, { amount: 4 });
const c = parity({ x: a });
const d = total({ terms: { b, c } });
export default pipeline({ a, b, c, d });
`;

/** The files of the diamond. */
export const DIAMOND_FILES = {
  'pipeline.ts': DIAMOND,
  'helper.ts': `// Adds.\nexport function add(left: number, right: number): number {\n  return left + right;\n}\n`,
  'unrelated.ts': `export const unrelated = (value: number): number => value % 2;\n`,
};

/** A large array, of 200,000 bytes, and its mean. */
export const FILLER = `
import { defineNode, input, pipeline, z } from 'kith';
const fill = defineNode({ kind: 'fill', inputs: {}, params: z.object({ value: z.number().default(1) }),
  run: async ({ params }) => ({ array: { dtype: 'float32' as const, shape: [50_000], data: new Float32Array(50_000).fill(params.value) } }) });
const mean = defineNode({ kind: 'mean', inputs: { x: input<{ array: { data: Float32Array } }>() }, params: z.object({}),
  run: async ({ inputs }) => ({ value: inputs.x.array.data[0]! }) });
const x = fill({});
export default pipeline({ x, y: mean({ x }) });
`;
