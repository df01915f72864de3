// What TensorFlow runs on, asked of a session without a graph.
import { sessionConfig } from './config.ts';
import type { Tensorflow } from './library.ts';

/** Bytes that TensorFlow would take of its GPU, the least of them where there are several; undefined where it has none. Starts the GPU. */
export function gpuMemory(tensorflow: Tensorflow): number | undefined {
  const [status, options, graph] = [tensorflow.NewStatus(), tensorflow.NewSessionOptions(), tensorflow.NewGraph()];
  const config = sessionConfig(1, 'fp32');
  tensorflow.SetConfig(options, config, config.length, status);
  const session = tensorflow.NewSession(graph, options, status);
  try {
    if (tensorflow.GetCode(status) !== 0) return undefined;
    const devices = tensorflow.SessionListDevices(session, status);
    const sizes = Array.from({ length: tensorflow.DeviceListCount(devices) }, (_, at) =>
      tensorflow.DeviceListType(devices, at, status) === 'GPU' ? [tensorflow.DeviceListMemoryBytes(devices, at, status)] : [],
    ).flat();
    tensorflow.DeleteDeviceList(devices);
    return sizes.length > 0 ? Math.min(...sizes) : undefined;
  } finally {
    if (session) tensorflow.DeleteSession(session, status);
    tensorflow.DeleteGraph(graph);
    tensorflow.DeleteSessionOptions(options);
    tensorflow.DeleteStatus(status);
  }
}
