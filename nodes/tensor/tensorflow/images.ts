// Resampling of images: TensorFlow's own kernels, which are tfjs' models.
import { each, type Lower, plainly, type Rules } from './rule.ts';

const resize = (operator: string): Lower =>
  plainly(({ inputs, attributes }, { graph, type }, [images]) =>
    graph.node(operator, [images!, graph.list(attributes['size'] as readonly number[])], {
      T: type(inputs['images']!),
      align_corners: attributes['alignCorners'] === true,
      half_pixel_centers: attributes['halfPixelCenters'] === true,
    }),
  );

const cropAndResize = plainly(({ inputs, attributes }, { graph, type, get }) => {
  const given = ['image', 'boxes', 'boxInd'].map((name) => get(inputs[name]!));
  return graph.node('CropAndResize', [...given, graph.list(attributes['cropSize'] as readonly number[])], {
    T: type(inputs['image']!),
    method: attributes['method'] as string,
    extrapolation_value: { float: attributes['extrapolationValue'] as number },
  });
});

const transform = plainly(({ inputs, attributes }, { graph, type, get }) => {
  const size = graph.list(attributes['outputShape'] as readonly number[]);
  const filling = graph.constant('float32', [], [attributes['fillValue'] as number]);
  return graph.node('ImageProjectiveTransformV3', [get(inputs['image']!), get(inputs['transforms']!), size, filling], {
    dtype: type(inputs['image']!),
    interpolation: (attributes['interpolation'] as string).toUpperCase(),
    fill_mode: (attributes['fillMode'] as string).toUpperCase(),
  });
});

export const IMAGE_RULES: Rules = {
  ...each({ ResizeBilinear: 'ResizeBilinear', ResizeNearestNeighbor: 'ResizeNearestNeighbor' }, resize),
  CropAndResize: cropAndResize,
  Transform: transform,
};
