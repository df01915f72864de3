// Which values of a trace lie in the order of the blocked kernels' filters: filters, their gradients, and whatever is computed with them
// element by element, as an optimizer's moments are. Such state stays in this order between steps.
import { ELEMENTWISE } from '../tracing/elementwise.ts';
import type { Operation, Trace } from '../executor.ts';
import { isBlockedFilter, type Shape4 } from './values.ts';

/** The filter that an operation reads or makes. */
function filterOf({ kernel, inputs, outputs }: Operation): readonly number[] {
  if (kernel === 'Conv2DBackpropFilter') return outputs;
  return Object.entries(inputs).flatMap(([name, value]) => (name.startsWith('filter') ? [value] : []));
}

/** After fusion. */
export function filtersOf(trace: Trace, block: number): ReadonlySet<number> {
  const shapeOf = (value: number): readonly number[] => trace.values[value]!.shape;
  const seeds = trace.operations.filter(({ kernel }) => KERNELS.has(kernel)).flatMap(filterOf);
  const filters = new Set(seeds.filter((value) => isBlockedFilter(shapeOf(value) as unknown as Shape4, block)));
  const families = trace.operations
    .filter(({ kernel, outputs }) => ELEMENTWISE.has(kernel) && shapeOf(outputs[0]!).length === 4)
    .map(({ inputs, outputs }) =>
      [...Object.values(inputs), ...outputs].filter((value) => String(shapeOf(value)) === String(shapeOf(outputs[0]!))),
    );
  for (let size = -1; size < filters.size;) {
    size = filters.size;
    for (const family of families) if (family.some((value) => filters.has(value))) for (const value of family) filters.add(value);
  }
  return filters;
}

const KERNELS = new Set(['Conv2D', 'ShiftedConv2D', 'InputGradients', 'Conv2DBackpropFilter']);
