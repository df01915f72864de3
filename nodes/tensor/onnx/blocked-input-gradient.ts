// Gradients of convolutions with respect to their inputs by blocked kernels: phase by phase (see `phases.ts`), all phases as the output channels
// of one convolution of dy. Stride 1 is one phase, whose filter is the convolution's own, turned round.
import type { Operation, Trace } from '../executor.ts';
import type { Window } from '../tracing/convolutions.ts';
import { reshape, rowsOf, shapeOf } from './blocked-convolution.ts';
import type { LowerSome } from './lower.ts';
import { grid, type Phases, phasesOf } from './phases.ts';
import { BLOCKED, type Shape4, type Values } from './values.ts';

/** A convolution of dy, [N, Ho, Wo, O], to the phases of dx. */
interface Plan {
  readonly strides: readonly [number, number];
  readonly rows: Phases;
  readonly columns: Phases;
  /** Rows and columns of one phase. */
  readonly height: number;
  readonly width: number;
  /** Top, left, bottom, right. */
  readonly pads: readonly number[];
}

function planOf({ strides, pad }: Window, filter: Shape4, dy: Shape4, dx: Shape4): Plan {
  const [rows, columns] = [phasesOf(filter[0], strides[0], pad[1][0]), phasesOf(filter[1], strides[1], pad[2][0])];
  const [height, width] = [Math.ceil(dx[1] / strides[0]), Math.ceil(dx[2] / strides[1])];
  const after = ({ least, range }: Phases, side: number, out: number): number => side + least + range - 1 - out;
  const pads = [-rows.least, -columns.least, after(rows, height, dy[1]), after(columns, width, dy[2])];
  return { strides, rows, columns, height, width, pads };
}

/** Whether a trace's Conv2DBackpropInput can be done so, with blocks of `block` channels. */
export function inPhases(operation: Operation, { values }: Trace, block: number): boolean {
  const [dy, filter, dx] = [operation.inputs['dy']!, operation.inputs['filter']!, operation.outputs[0]!].map(
    (value) => values[value]!.shape as unknown as Shape4,
  ) as [Shape4, Shape4, Shape4];
  const window = operation.attributes as unknown as Window;
  const isBlocked = filter[2] % block === 0 && filter[3] % block === 0 && window.dilations.every((step) => step === 1);
  return isBlocked && planOf(window, filter, dy, dx).pads.every((side) => side >= 0);
}

/** The fused kernel `InputGradients`. */
export const inputGradients: LowerSome = ({ inputs, outputs, attributes }, values) => {
  const { graph } = values;
  const windows = attributes['windows'] as readonly Window[];
  const dx = shapeOf(outputs[0]!, values);
  let made = inputs['sum'] === undefined ? undefined : values.get(inputs['sum'], 'blocked');
  windows.forEach((window, i) => {
    const [dy, filter] = [inputs[`dy${i}`]!, inputs[`filter${i}`]!];
    const plan = planOf(window, shapeOf(filter, values), shapeOf(dy, values), dx);
    const turned = turnedFilter(filter, plan, values);
    const attributes = { kernel_shape: [plan.rows.range, plan.columns.range], pads: plan.pads };
    made = graph.node('Conv', [values.get(dy, 'blocked'), turned, ...(made === undefined ? [] : ['', made])], attributes, BLOCKED);
  });
  const [height, width] = windows[0]!.strides;
  const whole = height * width === 1 ? made! : interleaved(made!, dx, windows[0]!.strides, values);
  values.set(outputs[0]!, reshape(graph, whole, [dx[0], dx[3], dx[1], dx[2]]), 'blocked');
  return true;
};

/** The filter from O to phases · I channels: its blocks of b × b numbers by phase and tap, zeros where a phase has no tap, each transposed. */
function turnedFilter(filter: number, { strides, rows, columns }: Plan, values: Values): string {
  const { graph, block } = values;
  const [height, width, inner, outer] = shapeOf(filter, values);
  const [from, to, taps] = [inner / block, outer / block, height * width];
  const [phases, steps] = [grid(...strides), grid(rows.range, columns.range)];
  const order = (): number[] =>
    phases.flatMap(([a, b]) =>
      grid(from, to).flatMap(([i, o]) =>
        steps.map(([down, across]) => {
          const [row, column] = [rows.tap(a, down), columns.tap(b, across)];
          return row === undefined || column === undefined ? to * from * taps : (o * from + i) * taps + row * width + column;
        }),
      ),
    );
  const tiles = reshape(graph, values.get(filter, 'filter'), [to * from * taps, block * block]);
  const hasGaps = phases.length * steps.length > taps;
  const source = hasGaps
    ? graph.node('Concat', [tiles, graph.constant('float32', [1, block * block], new Float32Array(block * block))], { axis: 0 })
    : tiles;
  const key = `turned ${[height, width, from, to, ...strides, rows.least, columns.least]}`;
  const chosen = rowsOf(graph, source, [to * from * taps + (hasGaps ? 1 : 0), block * block], key, order);
  // A transposition on all threads: b channels of b places become b places of b channels.
  const transposed = graph.node('ReorderInput', [reshape(graph, chosen, [-1, block, block, 1])], {}, BLOCKED);
  return reshape(graph, transposed, [phases.length * inner, outer, rows.range, columns.range]);
}

/** [N, phase, C/b, ⌈H/s⌉, ⌈W/s⌉, b] → [N, C/b, H, W, b] */
function interleaved(
  phases: string,
  [count, height, width, channels]: Shape4,
  [down, across]: readonly [number, number],
  values: Values,
): string {
  const { graph, block } = values;
  const [blocks, rows, columns] = [channels / block, Math.ceil(height / down), Math.ceil(width / across)];
  // Of one image: all have the same.
  const order = (): number[] =>
    grid(blocks * height, width).map(([at, x]) => {
      const [c, y] = [Math.floor(at / height), at % height];
      const phase = (y % down) * across + (x % across);
      return ((phase * blocks + c) * rows + Math.floor(y / down)) * columns + Math.floor(x / across);
    });
  const pixels = reshape(graph, phases, [count, down * across * blocks * rows * columns, block]);
  return graph.node('Gather', [pixels, graph.index(`interleaved ${[height, width, blocks, down, across]}`, order)], { axis: 1 });
}
