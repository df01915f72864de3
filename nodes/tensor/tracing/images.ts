// Rules for kernels that sample images: resize, crop, transform, flip.
import { emit, type Kernel, single } from './call.ts';

const resize: Kernel = (call) => {
  const images = call.inputs['images']!;
  const { alignCorners = false, halfPixelCenters = false } = call.attributes;
  const sides = call.attributes.size as [number, number];
  const [count, , , channels] = images.shape as [number, number, number, number];
  return single(
    call,
    { shape: [count, ...sides, channels], dtype: call.kernel === 'ResizeBilinear' ? 'float32' : images.dtype },
    { alignCorners, halfPixelCenters, size: sides },
  );
};

const cropAndResize: Kernel = (call) => {
  const { cropSize, method, extrapolationValue } = call.attributes;
  const channels = call.inputs['image']!.shape[3]!;
  return single(
    call,
    { shape: [call.inputs['boxes']!.shape[0]!, ...cropSize, channels], dtype: 'float32' },
    { cropSize, method, extrapolationValue },
  );
};

const transform: Kernel = (call) => {
  const image = call.inputs['image']!;
  const [count, height, width, channels] = image.shape as [number, number, number, number];
  const { interpolation, fillMode, fillValue } = call.attributes;
  const outputShape: [number, number] = call.attributes.outputShape ?? [height, width];
  return single(
    call,
    { shape: [count, ...outputShape, channels], dtype: image.dtype },
    { interpolation, fillMode, fillValue, outputShape },
  );
};

const flip: Kernel = ({ inputs, recorder }) => emit(recorder, 'Reverse', { x: inputs['image']! }, inputs['image']!, { dims: [2] });

/** The rules by kernel name. */
export const IMAGES: { readonly [name: string]: Kernel } = {
  ResizeBilinear: resize,
  ResizeNearestNeighbor: resize,
  CropAndResize: cropAndResize,
  FlipLeftRight: flip,
  Transform: transform,
};
