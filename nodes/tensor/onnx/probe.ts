// Whether ONNX Runtime's blocked kernels are here and right, and how many channels make a block. They belong to an undocumented domain, so they
// are tried on small numbers before they are trusted.
import * as ort from 'onnxruntime-node';
import { createGraph } from './graph.ts';
import { BLOCKED } from './values.ts';

let known: Promise<number> | undefined;

/** Channels in a block: 8 with AVX2, 16 with AVX-512; 0 where the plain lowering must do. Tried once a process. */
export const blockSize = (): Promise<number> => (known ??= probe().catch(() => 0));

async function probe(): Promise<number> {
  const graph = createGraph();
  const made = graph.node('ReorderInput', ['x'], {}, BLOCKED);
  const [output] = await run(
    graph.finish(
      [{ name: 'x', element: 'float32', shape: [1, 8, 1, 1] }],
      [{ name: made, element: 'float32', shape: ['n', 'c', 'h', 'w'] }],
    ),
    [[1, 8, 1, 1]],
  );
  const block = output!.dims[1]!;
  return block >= 8 && (await agrees(block)) ? block : 0;
}

/** A 3×3 convolution of one block of channels, with shift, addition and ReLU, against the definition. */
async function agrees(block: number): Promise<boolean> {
  const [side, taps] = [3, 9];
  const graph = createGraph();
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], activation: 'Relu' };
  const input = graph.node('ReorderInput', ['x'], { channels_last: 1 }, BLOCKED);
  const made = graph.node('Conv', [input, 'filter', 'shift', input], attributes, BLOCKED);
  const out = graph.node('ReorderOutput', [made], { channels: block, channels_last: 1 }, BLOCKED);
  const shapes = [[1, side, side, block], [block, block, 3, 3], [block]]; // prettier-ignore
  const names = ['x', 'filter', 'shift'];
  const ports = names.map((name, i) => ({ name, element: 'float32' as const, shape: shapes[i]! }));
  const [result, [x, filter, shift]] = await run(graph.finish(ports, [{ name: out, element: 'float32', shape: shapes[0]! }]), shapes).then(
    (all) => [all[0]!, all.slice(1)] as const,
  );
  const at = (tensor: ort.Tensor | undefined, index: number): number => (tensor!.data as Float32Array)[index]!;
  for (let place = 0; place < side * side; place++) {
    for (let o = 0; o < block; o++) {
      let sum = at(shift, o) + at(x, place * block + o);
      for (let tap = 0; tap < taps; tap++) {
        const [row, column] = [Math.floor(place / side) + Math.floor(tap / 3) - 1, (place % side) + (tap % 3) - 1];
        if (row < 0 || column < 0 || row >= side || column >= side) continue;
        for (let i = 0; i < block; i++) sum += at(x, (row * side + column) * block + i) * at(filter, (tap * block + i) * block + o);
      }
      if (!(Math.abs(at(result, place * block + o) - Math.max(0, sum)) < 1e-4)) return false;
    }
  }
  return true;
}

/** Runs a model on numbers in ±1; its output, then its inputs. */
async function run(model: Uint8Array, shapes: readonly (readonly number[])[]): Promise<ort.Tensor[]> {
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 });
  try {
    const inputs = shapes.map((shape, i) => new ort.Tensor('float32', waves(shape, i), [...shape]));
    const outputs = await session.run(Object.fromEntries(session.inputNames.map((name, i) => [name, inputs[i]!])));
    return [outputs[session.outputNames[0]!]!, ...inputs];
  } finally {
    await session.release();
  }
}

const waves = (shape: readonly number[], phase: number): Float32Array =>
  Float32Array.from({ length: shape.reduce((product, side) => product * side, 1) }, (_, i) => Math.sin(i * 1.7 + phase));
