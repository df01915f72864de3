// The TensorFlows that `kith setup` offers: which wheels, how large, and the checksum of each. Data, and the choice for a machine.
import { KithError } from '../../../../engine/errors.ts';
import type { Gpu } from './gpu.ts';

/** One wheel as the Python Package Index has it. The Python in its name does not matter: only shared libraries are taken out of it. */
export interface Wheel {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Bytes on disk of what is taken out of it, or somewhat more. */
  readonly unpacked: number;
}

export interface Offer {
  /** Of its folder. */
  readonly name: string;
  readonly title: string;
  readonly wheels: readonly Wheel[];
}

const wheel = (file: string, bytes: number, unpacked: number, sha256: string): Wheel => ({ file, bytes, unpacked, sha256 });

const VERSION = '2.21.0';

// prettier-ignore
const CPU: { readonly [system: string]: Wheel } = {
  'linux-x64': wheel('tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl', 273_829_956, 853_308_936, '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c'),
  'linux-arm64': wheel('tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl', 281_828_020, 883_062_208, '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c'),
  'darwin-arm64': wheel('tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl', 223_405_849, 740_805_624, '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88'),
};

/** TensorFlow with its kernels for NVIDIA's GPUs, and the libraries of CUDA 12 that `tensorflow[and-cuda]` asks for. */
// prettier-ignore
const CUDA: { readonly [system: string]: readonly Wheel[] } = {
  'linux-x64': [
    wheel('tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl', 572_440_367, 1_259_021_080, '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124'),
    wheel('nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl', 581_217_458, 855_724_311, 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72'),
    wheel('nvidia_cuda_cupti_cu12-12.8.90-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl', 10_248_621, 42_519_186, 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182'),
    wheel('nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl', 40_546_229, 98_957_442, '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0'),
    wheel('nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl', 89_568_129, 227_449_426, '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4'),
    wheel('nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl', 3_493_179, 9_619_472, '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3'),
    wheel('nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl', 716_538_495, 1_163_618_106, '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375'),
    wheel('nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl', 200_877_592, 293_721_862, 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28'),
    wheel('nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl', 68_295_626, 169_133_682, '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e'),
    wheel('nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl', 338_117_415, 495_296_462, '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88'),
    wheel('nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl', 366_465_088, 486_917_707, '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78'),
    wheel('nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl', 351_526_311, 490_610_413, 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c'),
    wheel('nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl', 39_748_338, 96_014_630, 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9'),
  ],
};

export interface Choice {
  readonly offer: Offer;
  /** A clause. */
  readonly why: string;
}

/** The offer for a machine; its GPU decides where there is one that these kernels know. A KithError where nothing is offered. */
export function chooseOffer(system: string, gpus: readonly Gpu[]): Choice {
  const cpu = CPU[system];
  if (!cpu) {
    throw new KithError(`Kith knows no TensorFlow for ${system}.`, {
      facts: [`known: ${Object.keys(CPU).join(', ')}`],
      hint: 'Set KITH_TENSORFLOW to the folder of a TensorFlow library that you have, or hand it to kith setup --from.',
    });
  }
  const forCpu = offerOf(cpu);
  const cuda = CUDA[system];
  const [gpu] = gpus;
  if (!gpu) return { offer: forCpu, why: 'no NVIDIA GPU was found' };
  if (!cuda) return { offer: forCpu, why: `Kith knows no TensorFlow with CUDA for ${system}` };
  const known = gpus.find(({ capability }) => capability < FIRST_UNKNOWN);
  if (!known) return { offer: forCpu, why: `TensorFlow ${VERSION} has no kernels for the ${gpu.name}` };
  return { offer: { name: `${VERSION}-cuda`, title: `TensorFlow ${VERSION} with CUDA 12`, wheels: cuda }, why: `for the ${known.name}` };
}

const offerOf = (cpu: Wheel): Offer => ({ name: `${VERSION}-cpu`, title: `TensorFlow ${VERSION} for the CPU`, wheels: [cpu] });

/** The offer that consists of this one wheel. */
export function offerWith(file: string): Offer | undefined {
  const cpu = Object.values(CPU).find((each) => each.file === file);
  return cpu && offerOf(cpu);
}

/** Compute capability of the first GPUs (Blackwell) for which CUDA 12's TensorFlow has no kernels. */
const FIRST_UNKNOWN = 10;

/** Bytes to download, and bytes that must be free at the same time while it is set up. */
export function sizeOf({ wheels }: Offer): { readonly download: number; readonly disk: number; readonly peak: number } {
  const sum = (of: (wheel: Wheel) => number): number => wheels.reduce((total, each) => total + of(each), 0);
  const disk = sum(({ unpacked }) => unpacked);
  return { download: sum(({ bytes }) => bytes), disk, peak: disk + Math.max(...wheels.map(({ bytes }) => bytes)) };
}

/** The parts of a wheel's name that pip is asked by (PEP 427). */
export function tagsOf(file: string): { readonly requirement: string; readonly abi: string; readonly platform: string } {
  const [project, version, , abi, platforms] = file.replace(/\.whl$/, '').split('-') as [string, string, string, string, string];
  return { requirement: `${project.replaceAll('_', '-')}==${version}`, abi, platform: platforms.split('.')[0]! };
}
