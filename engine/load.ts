// Imports a compiled pipeline and finds what it declares. The only place that executes a user's pipeline file.
import { pathToFileURL } from 'node:url';
import { temporaryIn } from '../cache/atomic-file.ts';
import type { Compiled } from './compile.ts';
import type { Definition, Handle } from './define-node.ts';
import { KithError } from './errors.ts';
import { DECLARED, isHandle, isPipeline, type Declared, type Pipeline } from './pipeline.ts';
import { loadScript } from './script.ts';

/** The pipeline that the file exports, after a check that no handle was forgotten. `temporaries` is a folder for files that are not complete. */
export async function loadPipeline(
  { planFile, planScript }: Pick<Compiled, 'planFile' | 'planScript'>,
  { shown, temporaries }: { readonly shown: string; readonly temporaries: string },
): Promise<Pipeline> {
  const { exported, declared } = await (planScript === undefined
    ? importDeclared(pathToFileURL(planFile).href)
    : runDeclared(planScript, temporaries));
  if (!isPipeline(exported)) {
    throw new KithError(`${shown} does not export a pipeline.`, {
      facts: [exported === undefined ? 'It has no default export.' : `Its default export is a ${typeof exported}.`],
      hint: 'End it with: export default pipeline({ … });',
      exitCode: 2,
    });
  }
  const reached = new Set<Handle>();
  for (const { nodes } of declared.pipelines) for (const handle of Object.values(nodes)) reach(handle, reached);
  const forgotten = declared.handles.filter((handle) => !reached.has(handle));
  if (forgotten.length > 0) {
    throw new KithError(`${shown} declares ${forgotten.length === 1 ? 'a node' : `${forgotten.length} nodes`} that no pipeline reaches.`, {
      facts: forgotten.map(({ definition, params }) => `${definition.kind} with ${JSON.stringify(params)}`),
      hint: 'Name it in pipeline({ … }), pass it to another node, or delete it.',
      exitCode: 2,
    });
  }
  return exported;
}

function importDeclared(url: string) {
  return declaring(async () => ((await import(url)) as { readonly default?: unknown }).default);
}

function runDeclared(file: string, temporaries: string) {
  return declaring(async () => {
    const script = loadScript(file, 'plan');
    const { default: exported } = script.run() as { readonly default?: unknown };
    script.keep(() => temporaryIn(temporaries));
    return exported;
  });
}

/** What an evaluation exports, and everything that it declares on the way. */
async function declaring(evaluate: () => Promise<unknown>): Promise<{ readonly exported: unknown; readonly declared: Declared }> {
  const scope = globalThis as { [DECLARED]?: Declared };
  const declared: Declared = { handles: [], pipelines: [] };
  scope[DECLARED] = declared;
  try {
    return { exported: await evaluate(), declared };
  } finally {
    delete scope[DECLARED];
  }
}

const definitions = new Map<string, Promise<ReadonlyMap<string, Definition>>>();

/** Kind → definition of every node that the pipeline in a compiled module reaches; imported once. */
export function definitionsOf(file: string): Promise<ReadonlyMap<string, Definition>> {
  let found = definitions.get(file);
  if (!found) {
    found = importDeclared(pathToFileURL(file).href).then(({ exported }) => {
      const reached = new Set<Handle>();
      if (isPipeline(exported)) for (const handle of Object.values(exported.nodes)) reach(handle, reached);
      return new Map([...reached].map(({ definition }) => [definition.kind, definition]));
    });
    definitions.set(file, found);
  }
  return found;
}

/** Adds the handle and everything that it reads; by a list of our own, since a chain of nodes may be deeper than the stack. */
function reach(handle: Handle, reached: Set<Handle>): void {
  const open = [handle];
  for (let next = open.pop(); next; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    for (const given of Object.values(next.inputs)) open.push(...(isHandle(given) ? [given] : Object.values(given)));
  }
}
