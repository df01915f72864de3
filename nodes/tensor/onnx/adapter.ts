// Which GPU WebGPU would use here, asked of Vulkan, since ONNX Runtime does not tell. Opens no device.
import { cpus, totalmem } from 'node:os';
import type { LibraryHandle } from 'koffi';
import { KithError } from '../../../engine/errors.ts';
import { loadLibrary } from '../native.ts';

export interface Adapter {
  /** As its driver calls it. */
  readonly name: string;
  /** It computes on the processor: right, and hundreds of times slower than a GPU. */
  readonly software: boolean;
  /** Bytes of its largest memory; the machine's own where they are one. */
  readonly memory: number;
}

/** Set to 1, it admits adapters that compute on the processor: for tests. */
const SOFTWARE = 'KITH_WEBGPU_SOFTWARE';

/** The adapter that steps would run on. A KithError where there is none, or only a software adapter that was not asked for. */
export function adapterHere(environment: NodeJS.ProcessEnv = process.env, found: Adapter | string = findAdapter()): Adapter {
  if (typeof found !== 'string' && (!found.software || environment[SOFTWARE] === '1')) return found;
  const reason =
    typeof found === 'string'
      ? found
      : `the only adapter, ${found.name}, computes on the processor, many times slower than the device "onnx" does; ${SOFTWARE}=1 admits it for tests`;
  throw new KithError('The device "webgpu" is not here.', { facts: [reason], hint: 'kith doctor says which devices work here.' });
}

/** Systems for which the package onnxruntime-node has WebGPU kernels. */
const BUILT: readonly string[] = ['darwin-arm64', 'darwin-x64', 'linux-x64', 'win32-arm64', 'win32-x64'];

/** The adapter that ONNX Runtime will take, or why there is none. */
export function findAdapter(platform: string = process.platform, arch: string = process.arch): Adapter | string {
  if (!BUILT.includes(`${platform}-${arch}`)) return `onnxruntime-node has no WebGPU kernels for ${platform} on ${arch}`;
  // Metal is part of the system, and every Mac has a GPU.
  if (platform === 'darwin') return { name: `GPU of ${cpus()[0]?.model.trim() ?? 'this Mac'}`, software: false, memory: totalmem() };
  const file = platform === 'win32' ? 'vulkan-1.dll' : 'libvulkan.so.1';
  const vulkan = openVulkan(file);
  if (!vulkan) return `Vulkan is not installed (${file}); drivers of GPUs bring it`;
  const [best] = devices(vulkan).sort((a, b) => RANK.indexOf(a.type) - RANK.indexOf(b.type));
  if (!best) return 'Vulkan knows no device: there is no GPU here, or its driver is missing';
  return { name: best.name, software: best.type === 'processor', memory: best.memory };
}

/** VkPhysicalDeviceType by number. */
const TYPES = ['other', 'integrated', 'discrete', 'virtual', 'processor'] as const;
/** The order in which Dawn, ONNX Runtime's WebGPU, takes them for high performance. */
const RANK: readonly Device['type'][] = ['discrete', 'integrated', 'processor', 'virtual', 'other'];

interface Device {
  readonly type: (typeof TYPES)[number];
  readonly name: string;
  readonly memory: number;
}

type Vulkan = (name: string, result: string, parameters: readonly string[]) => ReturnType<LibraryHandle['func']>;

function openVulkan(file: string): Vulkan | undefined {
  try {
    const library = loadLibrary(file);
    return (name, result, parameters) => library.func(name, result, [...parameters]);
  } catch {
    return undefined;
  }
}

// Structures of Vulkan 1.0 by offset and size in bytes, on 64-bit machines; all are laid out in C.
const INSTANCE_INFO = 64;
const PROPERTIES = { size: 824, type: 16, name: 20, nameLength: 256 };
const MEMORY = { size: 520, count: 260, heaps: 264, heap: 16, flags: 8, onDevice: 1 };
const INSTANCE_CREATE_INFO = 1;
/** More than any machine has. */
const MOST = 64;

/** All devices that Vulkan knows; none where it does not start. */
function devices(vulkan: Vulkan): Device[] {
  const info = Buffer.alloc(INSTANCE_INFO);
  info.writeUInt32LE(INSTANCE_CREATE_INFO);
  const instance: [bigint | null] = [null];
  const create = vulkan('vkCreateInstance', 'int', ['void *', 'void *', '_Out_ void **']);
  if (create(info, null, instance) !== 0) return [];
  try {
    const count = [MOST];
    const handles = new BigUint64Array(MOST);
    vulkan('vkEnumeratePhysicalDevices', 'int', ['void *', '_Inout_ uint32_t *', 'void *'])(instance[0], count, handles);
    return Array.from(handles.subarray(0, count[0]), (handle) => describe(vulkan, handle));
  } finally {
    vulkan('vkDestroyInstance', 'void', ['void *', 'void *'])(instance[0], null);
  }
}

function describe(vulkan: Vulkan, device: bigint): Device {
  const ask = (name: string, size: number): Buffer => {
    const answer = Buffer.alloc(size);
    vulkan(name, 'void', ['void *', 'void *'])(device, answer);
    return answer;
  };
  const properties = ask('vkGetPhysicalDeviceProperties', PROPERTIES.size);
  const memory = ask('vkGetPhysicalDeviceMemoryProperties', MEMORY.size);
  const name = properties.toString('utf8', PROPERTIES.name, PROPERTIES.name + PROPERTIES.nameLength);
  const heaps = Array.from({ length: memory.readUInt32LE(MEMORY.count) }, (_, i) => MEMORY.heaps + i * MEMORY.heap)
    .filter((heap) => memory.readUInt32LE(heap + MEMORY.flags) & MEMORY.onDevice)
    .map((heap) => Number(memory.readBigUInt64LE(heap)));
  return {
    type: TYPES[properties.readUInt32LE(PROPERTIES.type)] ?? 'other',
    name: name.slice(0, name.indexOf('\0')),
    memory: Math.max(0, ...heaps),
  };
}
