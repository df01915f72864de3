// Which TensorFlow library is used: one place after the other is looked at, and each says why it has none. Loads and downloads nothing.
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KithError } from '../../../engine/errors.ts';
import { userCacheFolder } from '../user-cache.ts';
import { librariesIn, libraryNames, type LibraryFiles } from './library-files.ts';
import { askPython } from './python.ts';

export interface TensorflowLibrary {
  /** Who brought it: 'KITH_TENSORFLOW', 'kith setup', 'tfjs-node' or 'Python'. */
  readonly source: string;
  readonly folder: string;
  /** Path of `libtensorflow_framework.so.2`. */
  readonly framework: string;
  /** Path of `libtensorflow_cc.so.2`, or of `libtensorflow.so.2`, which the C package and tfjs-node have. */
  readonly library: string;
}

/** The folder below which `kith setup` keeps one folder for each TensorFlow. */
export const setupFolder = (environment: NodeJS.ProcessEnv = process.env): string => join(userCacheFolder(environment), 'tensorflow');

/** The TensorFlows that `kith setup` put there, the last first: that one is used. */
export function setUp(environment: NodeJS.ProcessEnv = process.env): { readonly name: string; readonly files: LibraryFiles }[] {
  const root = setupFolder(environment);
  const names = entries(root).filter((name) => !name.startsWith('.'));
  const age = (name: string): number => statSync(join(root, name)).mtimeMs;
  return names
    .sort((a, b) => age(b) - age(a) || (a < b ? 1 : -1))
    .flatMap((name) => {
      const files = librariesIn(join(root, name));
      return files ? [{ name, files }] : [];
    });
}

/** Folders from which `node_modules` are looked up: the user's project, then Kith itself. */
const projects = (): readonly string[] => [process.cwd(), dirname(fileURLToPath(import.meta.url))];

/**
 * The first TensorFlow of: the folder `KITH_TENSORFLOW`, what `kith setup` fetched, tfjs-node in the `node_modules` of `from`, the user's Python.
 * A KithError with one reason a place where there is none, or where `KITH_TENSORFLOW` names a folder without it: what was asked for is never replaced.
 */
export async function findTensorflow(
  environment: NodeJS.ProcessEnv = process.env,
  from: readonly string[] = projects(),
): Promise<TensorflowLibrary> {
  const reasons: string[] = [];
  for (const [source, look] of PLACES) {
    const found = await look(environment, from);
    if ('library' in found) return { source, ...found };
    reasons.push(found.reason);
    if (found.final) break;
  }
  throw new KithError('No TensorFlow library was found.', {
    facts: reasons,
    hint: 'kith setup gets one. Or set KITH_TENSORFLOW to the folder of one.',
  });
}

/** `final`: the user asked for this place, so no other is looked at. */
type Absence = { readonly reason: string; readonly final?: boolean };
type Look = (environment: NodeJS.ProcessEnv, from: readonly string[]) => LibraryFiles | Absence | Promise<LibraryFiles | Absence>;

const PLACES: readonly (readonly [source: string, look: Look])[] = [
  ['KITH_TENSORFLOW', named],
  ['kith setup', (environment) => setUp(environment)[0]?.files ?? { reason: `kith setup: nothing in ${setupFolder(environment)}` }],
  ['tfjs-node', (_environment, from) => fromTfjsNode(from)],
  ['Python', fromPython],
];

function named({ KITH_TENSORFLOW: folder }: NodeJS.ProcessEnv): LibraryFiles | Absence {
  if (!folder) return { reason: 'KITH_TENSORFLOW is not set' };
  const { framework, libraries } = libraryNames();
  const wanted = [...new Set([framework, libraries.join(' or ')])].join(' and ');
  return librariesIn(folder) ?? { reason: `KITH_TENSORFLOW is ${folder}, which has no ${wanted}`, final: true };
}

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/** The package is installed even where the download of its library failed. */
function fromTfjsNode(from: readonly string[]): LibraryFiles | Absence {
  const installed = PACKAGES.flatMap((name) => from.flatMap((folder) => packageOf(name, folder) ?? []));
  for (const folder of installed) {
    const files = librariesIn(folder);
    if (files) return files;
  }
  if (installed.length === 0) return { reason: `tfjs-node: neither ${PACKAGES.join(' nor ')} is installed` };
  return { reason: `tfjs-node: no library in ${join(installed[0]!, 'deps', 'lib')}; its download did not work` };
}

function packageOf(name: string, folder: string): string | undefined {
  try {
    return dirname(createRequire(join(folder, 'x.js')).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

async function fromPython(environment: NodeJS.ProcessEnv): Promise<LibraryFiles | Absence> {
  const answer = await askPython(environment);
  if ('reason' in answer) return { reason: `Python: ${answer.reason}` };
  return librariesIn(answer.folder) ?? { reason: `Python: no C API in ${answer.folder}; old wheels have none of their own` };
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
