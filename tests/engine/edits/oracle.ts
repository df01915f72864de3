// What must run again after an edit, found out the plain way: the project is run without the engine, before and after, and what each node
// makes of the same inputs is compared. TypeScript strips the types, Node runs the rest; nothing of the code under test takes part.
import { posix } from 'node:path';
import ts from 'typescript';

/** Files by path. */
export type Files = { readonly [path: string]: string };

/** A node that ran. */
export interface Ran {
  /** Input slot → node. */
  readonly inputs: { readonly [slot: string]: string };
  /** What it made of its inputs, and what it said of that, as texts. */
  readonly result: Result;
  /** What it makes of other artifacts. */
  readonly makes: (artifacts: { readonly [slot: string]: string }) => Promise<Result>;
}

interface Result {
  readonly artifact: string;
  readonly summary: string;
}

/** A handle as the stand-ins for the engine's modules make it. */
interface Stub {
  readonly definition: {
    readonly params: { readonly safeParse: (given: object) => { readonly data: object } };
    readonly run: (context: object) => Promise<object>;
    readonly summarise?: (made: object) => object;
  };
  readonly inputs: { readonly [slot: string]: Stub };
  readonly params: object;
}

/** Runs every node of the project's pipeline; by name, inputs first. */
export async function runPlainly(files: Files): Promise<Map<string, Ran>> {
  const { default: handles } = load(files)('pipeline.ts') as { readonly default: { readonly [name: string]: Stub } };
  const names = new Map(Object.entries(handles).map(([name, handle]) => [handle, name]));
  const ran = new Map<string, Ran>();
  for (const [name, { definition, inputs: given, params }] of Object.entries(handles)) {
    const inputs = mapped(given, (handle) => names.get(handle)!);
    const makes: Ran['makes'] = async (artifacts) => {
      const context = { inputs: mapped(artifacts, (text) => JSON.parse(text) as object), params: definition.params.safeParse(params).data };
      const made = await definition.run(context);
      return { artifact: JSON.stringify(made), summary: JSON.stringify(definition.summarise?.(made) ?? null) };
    };
    ran.set(name, { inputs, result: await makes(mapped(inputs, (from) => ran.get(from)!.result.artifact)), makes });
  }
  return ran;
}

/** The nodes that make something else of the same inputs, and those with an input that is another now. */
export async function mustRun(before: ReadonlyMap<string, Ran>, after: ReadonlyMap<string, Ran>): Promise<Set<string>> {
  const must = new Set<string>();
  for (const [name, { inputs, result, makes }] of after) {
    const artifactOf = (from: string): string => before.get(from)!.result.artifact;
    const old = before.get(name)!.result;
    const now = await makes(mapped(inputs, artifactOf));
    const otherInput = Object.values(inputs).some((from) => after.get(from)!.result.artifact !== artifactOf(from));
    if (otherInput || now.artifact !== old.artifact || now.summary !== old.summary) must.add(name);
    else if (result.artifact !== old.artifact) throw new Error(`${name} makes different things of the same inputs`);
  }
  return must;
}

function mapped<A, B>(record: { readonly [name: string]: A }, change: (value: A) => B): { [name: string]: B } {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

const stripped = new Map<string, string>();

/** The text as a CommonJS module without types. */
function strip(text: string): string {
  const known = stripped.get(text);
  if (known !== undefined) return known;
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  stripped.set(text, outputText);
  return outputText;
}

/** A `require` over the files, with nothing loaded yet. */
function load(files: Files): (path: string) => object {
  const modules = new Map<string, { readonly exports: object }>();
  const require = (path: string): object => {
    const known = modules.get(path);
    if (known) return known.exports;
    const text = files[path];
    if (text === undefined) throw new Error(`${path} is not there`);
    if (path.endsWith('.json')) return JSON.parse(text) as object;
    const module = { exports: {} };
    modules.set(path, module);
    const run = new Function('require', 'module', 'exports', strip(text)) as (...given: unknown[]) => void;
    run((specifier: string) => standIn(specifier) ?? require(resolve(path, specifier)), module, module.exports);
    return module.exports;
  };
  return require;
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const [name, subpath = 'main'] = specifier.split('/');
  return `node_modules/${name}/${subpath}.js`;
}

/** In place of the engine's modules: what is declared stays as it was declared. */
function standIn(specifier: string): object | undefined {
  if (specifier.endsWith('/engine/pipeline.ts')) return { pipeline: (handles: object) => handles };
  if (!specifier.endsWith('/engine/define-node.ts')) return undefined;
  const defineNode =
    (definition: Stub['definition']) =>
    (inputs: Stub['inputs'] = {}, params: object = {}) => ({ definition, inputs, params });
  return { defineNode, input: () => ({ optional: false, many: false }) };
}
