// Three arithmetic nodes and no tensors: what a pipeline is. Run it twice, then change a number.
import { defineNode, input, pipeline, z } from 'kith';

interface Numbers {
  readonly values: readonly number[];
}

const count = defineNode({
  kind: 'count',
  inputs: {},
  params: z.object({ to: z.number().int().min(1).default(10).describe('last number') }),
  run: async ({ params: { to } }): Promise<Numbers> => ({ values: Array.from({ length: to }, (_, index) => index + 1) }),
});

const square = defineNode({
  kind: 'square',
  inputs: { numbers: input<Numbers>() },
  params: z.object({}),
  run: async ({ inputs: { numbers } }): Promise<Numbers> => ({ values: numbers.values.map((value) => value ** 2) }),
});

const sum = defineNode({
  kind: 'sum',
  inputs: { numbers: input<Numbers>() },
  params: z.object({}),
  run: async ({ inputs: { numbers } }) => ({ total: numbers.values.reduce((total, value) => total + value, 0) }),
  summarise: ({ total }) => ({ line: `the sum is ${total}`, metrics: { total } }),
});

const numbers = count({}, { to: 10 });
const squares = square({ numbers });
export default pipeline({ numbers, squares, total: sum({ numbers: squares }) });
