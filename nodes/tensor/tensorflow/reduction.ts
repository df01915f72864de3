// Sums, means and extremes over axes, softmax and running sums.
import { each, type Lower, plainly, type Rules } from './rule.ts';

/** Kernels that are TensorFlow's operators of the same name. */
const REDUCTIONS = { Max: 'Max', Mean: 'Mean', Min: 'Min', Prod: 'Prod', Sum: 'Sum' };

const reduction =
  (typed: boolean) =>
  (operator: string): Lower =>
    plainly(({ inputs, attributes }, { graph, type }, [x]) => {
      const axes = (attributes['reductionIndices'] ?? attributes['axis']) as readonly number[];
      const attribute = { keep_dims: attributes['keepDims'] === true, ...(typed ? { T: type(inputs['x']!) } : {}) };
      return graph.node(operator, [x!, graph.list(axes)], attribute);
    });

/**
 * The place of an extreme, the first of equal ones: TensorFlow's own ArgMax promises none of them. Where nothing equals the extreme (NaN) it is 0,
 * as in tfjs.
 */
const argument = (extreme: string): Lower =>
  plainly(({ inputs, attributes }, { graph, signature, type }, [x]) => {
    const axis = attributes['axis'] as number;
    const { shape } = signature(inputs['x']!);
    const side = shape[axis]!;
    const [T, int32] = [type(inputs['x']!), { type: 'int32' } as const];
    const most = graph.node(extreme, [x!, graph.list([axis])], { T, keep_dims: true });
    const places = graph.constant('int32', shape.map((_, i) => (i === axis ? side : 1)), Array.from({ length: side }, (_, i) => i)); // prettier-ignore
    const where = graph.node('SelectV2', [graph.node('Equal', [x!, most], { T }), places, graph.whole(side)], { T: int32 });
    const first = graph.node('Min', [where, graph.list([axis])], { T: int32 });
    return graph.node('FloorMod', [first, graph.whole(side)], { T: int32 });
  });

/** tfjs' softmax, like TensorFlow's, is along the last axis only. */
const softmax = (operator: string): Lower =>
  plainly(({ inputs }, { graph, type }, names) => graph.node(operator, names, { T: type(inputs['logits']!) }));

export const REDUCTION_RULES: Rules = {
  ...each(REDUCTIONS, reduction(true)),
  ...each({ All: 'All', Any: 'Any' }, reduction(false)),
  ...each({ ArgMax: 'Max', ArgMin: 'Min' }, argument),
  ...each({ Softmax: 'Softmax', LogSoftmax: 'LogSoftmax' }, softmax),
  Cumsum: plainly(({ inputs, attributes }, { graph, type }, [x]) =>
    graph.node('Cumsum', [x!, graph.whole(attributes['axis'] as number)], {
      T: type(inputs['x']!),
      exclusive: attributes['exclusive'] === true,
      reverse: attributes['reverse'] === true,
    }),
  ),
};
