// How a session runs, as TensorFlow's ConfigProto: threads, memory of a GPU, precision.
import protobuf from 'protobufjs/light.js';
import type { Mode } from './bf16.ts';

/** RewriterConfig.Toggle. */
const ON = 1;

/** The bytes for TF_SetConfig. */
export function sessionConfig(threads: number, mode: Mode): Uint8Array {
  const bf16 = mode === 'rewritten' ? { rewriteOptions: { autoMixedPrecisionOnednnBfloat16: ON } } : {};
  return schema()
    .encode({
      intraOpParallelismThreads: threads,
      interOpParallelismThreads: threads,
      // Otherwise the first session of a process settles the threads of all.
      usePerSessionThreads: true,
      // A GPU's memory is taken as it is needed, and an operation that it lacks runs on the CPU.
      gpuOptions: { allowGrowth: true },
      allowSoftPlacement: true,
      graphOptions: bf16,
    } as never)
    .finish();
}

let loaded: protobuf.Type | undefined;

/** The part of config.proto and rewriter_config.proto (TensorFlow 2, Apache-2.0) that is written here. */
function schema(): protobuf.Type {
  if (loaded) return loaded;
  const root = protobuf.Root.fromJSON({
    nested: {
      RewriterConfig: { fields: { autoMixedPrecisionOnednnBfloat16: { type: 'int32', id: 31 } } },
      GraphOptions: { fields: { rewriteOptions: { type: 'RewriterConfig', id: 10 } } },
      GPUOptions: { fields: { allowGrowth: { type: 'bool', id: 4 } } },
      ConfigProto: {
        fields: {
          intraOpParallelismThreads: { type: 'int32', id: 2 },
          interOpParallelismThreads: { type: 'int32', id: 5 },
          gpuOptions: { type: 'GPUOptions', id: 6 },
          allowSoftPlacement: { type: 'bool', id: 7 },
          usePerSessionThreads: { type: 'bool', id: 9 },
          graphOptions: { type: 'GraphOptions', id: 10 },
        },
      },
    },
  } as never);
  loaded = root.lookupType('ConfigProto');
  return loaded;
}
