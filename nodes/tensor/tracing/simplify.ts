// Small algebra at the moment of recording: automatic differentiation multiplies by tensors of ones and reshapes to and fro. Only rules that
// give the same numbers, whatever the inputs (NaN and infinity aside for x · 1 and x + 0, which they pass).
import type { Emission, Recorder, Value } from './recorder.ts';
import { ELEMENTWISE, broadcastShape } from './elementwise.ts';

/** Outputs of the same value made more simply, or undefined where no rule applies. */
export function simplify(emission: Emission, recorder: Recorder): readonly Value[] | undefined {
  const rule = RULES[emission.kernel];
  return rule?.(emission, recorder) ?? (ELEMENTWISE.has(emission.kernel) ? beforeBroadcast(emission, recorder) : undefined);
}

type Rule = (emission: Emission, recorder: Recorder) => readonly Value[] | undefined;

const same = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((side, i) => side === b[i]);

/** x of the result's shape. */
const spread = (x: Value, { outputs }: Emission, recorder: Recorder): readonly Value[] =>
  same(x.shape, outputs[0]!.shape)
    ? [x]
    : recorder.emit({ kernel: 'BroadcastTo', inputs: { x }, attributes: { shape: outputs[0]!.shape }, outputs });

/** The value that a broadcast, or a constant, repeats. */
const source = (x: Value, recorder: Recorder): Value => {
  const origin = recorder.origin(x.id);
  return origin?.kernel === 'BroadcastTo' ? origin.inputs['x']! : x;
};

const isNumber = (x: Value, number: number, recorder: Recorder): boolean => recorder.scalarOf(source(x, recorder).id) === number;

/** a ∘ neutral = a, on the right and, where `both`, on the left. */
const neutral =
  (number: number, both: boolean): Rule =>
  (emission, recorder) => {
    const [a, b] = [emission.inputs['a']!, emission.inputs['b']!];
    if (a.dtype !== emission.outputs[0]!.dtype || b.dtype !== a.dtype) return undefined;
    if (isNumber(b, number, recorder)) return spread(a, emission, recorder);
    return both && isNumber(a, number, recorder) ? spread(b, emission, recorder) : undefined;
  };

/** A reshape of a reshape is one, to the same shape none, of a repeated number the number repeated otherwise. */
const reshape: Rule = (emission, recorder) => {
  const x = emission.inputs['x']!;
  if (same(x.shape, emission.outputs[0]!.shape)) return [x];
  const origin = recorder.origin(x.id);
  if (origin?.kernel === 'Reshape') return recorder.emit({ ...emission, inputs: { x: origin.inputs['x']! } });
  const repeated = source(x, recorder);
  const isRepeated = repeated !== x || recorder.scalarOf(x.id) !== undefined;
  return isRepeated && repeated.shape.length === 0 ? spread(repeated, emission, recorder) : undefined;
};

/** A transposition of a transposition is one, or none. */
const transpose: Rule = (emission, recorder) => {
  const x = emission.inputs['x']!;
  const perm = emission.attributes['perm'] as readonly number[];
  if (perm.every((axis, i) => axis === i)) return [x];
  const origin = recorder.origin(x.id);
  if (origin?.kernel !== 'Transpose') return undefined;
  const before = origin.attributes['perm'] as readonly number[];
  return recorder.emit({ ...emission, inputs: { x: origin.inputs['x']! }, attributes: { perm: perm.map((axis) => before[axis]!) } });
};

/** Bytes that become 32-bit numbers and then others become those at once. */
const cast: Rule = (emission, recorder) => {
  const bytes = widenedFrom(emission.inputs['x']!, recorder);
  return bytes && recorder.emit({ ...emission, inputs: { x: bytes } });
};

/** Rows of bytes are chosen before they are widened: a data set stays as it is stored. */
const gather: Rule = (emission, recorder) => {
  const bytes = widenedFrom(emission.inputs['x']!, recorder);
  if (!bytes) return undefined;
  const { shape } = emission.outputs[0]!;
  const chosen = recorder.emit({ ...emission, inputs: { ...emission.inputs, x: bytes }, outputs: [{ shape, dtype: 'uint8' }] });
  return recorder.emit({ kernel: 'Cast', inputs: { x: chosen[0]! }, attributes: { dtype: 'int32' }, outputs: emission.outputs });
};

/** The bytes that 32-bit numbers were made of. */
const widenedFrom = ({ id }: Value, recorder: Recorder): Value | undefined => {
  const origin = recorder.origin(id);
  return origin?.kernel === 'Cast' && origin.inputs['x']!.dtype === 'uint8' ? origin.inputs['x'] : undefined;
};

/** −(−x) = x. */
const negation: Rule = ({ inputs }, recorder) => {
  const origin = recorder.origin(inputs['x']!.id);
  return origin?.kernel === 'Neg' ? [origin.inputs['x']!] : undefined;
};

const unchanged: Rule = ({ inputs, outputs }) => (same(inputs['x']!.shape, outputs[0]!.shape) ? [inputs['x']!] : undefined);

const RULES: { readonly [kernel: string]: Rule } = {
  Multiply: neutral(1, true),
  RealDiv: neutral(1, false),
  Add: neutral(0, true),
  Sub: neutral(0, false),
  Reshape: reshape,
  Neg: negation,
  Transpose: transpose,
  BroadcastTo: unchanged,
  Cast: cast,
  GatherV2: gather,
};

/** An elementwise operation on repeated values is done once before they are repeated. */
function beforeBroadcast(emission: Emission, recorder: Recorder): readonly Value[] | undefined {
  const entries = Object.entries(emission.inputs).map(([name, x]) => [name, x, source(x, recorder)] as const);
  if (entries.every(([, x, from]) => x === from)) return undefined;
  const inputs = Object.fromEntries(entries.map(([name, , from]) => [name, from]));
  const shape = entries.map(([, , from]) => from.shape).reduce(broadcastShape);
  const [output] = emission.outputs;
  const [inner] = recorder.emit({ ...emission, inputs, outputs: [{ shape, dtype: output!.dtype }] });
  return spread(inner!, emission, recorder);
}
