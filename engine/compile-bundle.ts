// Drives the bundler: a pipeline file → the three bundles that are made of it. Loaded only when something changed. Decides what is inlined
// (the project, this package), what stays outside (packages) and what is refused; knows nothing of caches.
import { realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, extname, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  rolldown,
  VERSION,
  type ImportKind,
  type OutputChunk,
  type Plugin,
  type PluginContext,
  type RolldownBuild,
  type RolldownLog,
} from 'rolldown';
import { parseSync } from 'rolldown/utils';
import { PACKAGE_PREFIX, sliceCode, type Slices } from './code-slice.ts';
import { bundlingFailure } from './compile-failure.ts';
import { needsRewriting, rewrite, type Purpose, type Rewritten } from './compile-source.ts';
import { isKithError, KithError } from './errors.ts';
import { isOptional, manifestOf, nameOf, neededPackages, readVersion } from './packages.ts';
import type { Syntax } from './syntax-tree.ts';

/** Where things lie. */
export interface Places {
  /** The pipeline file. */
  readonly entry: string;
  /** The folder that names of parts are relative to. */
  readonly root: string;
  /** The folder of this package. */
  readonly kith: string;
}

/** Everything made of a pipeline file, and what it was made of. */
export interface Bundles {
  /** File name → content; `plan.mjs` and `work.mjs` are the entries, `plan.cjs` is the first of them as a script where that is possible. */
  readonly files: ReadonlyMap<string, string>;
  readonly slices: Slices;
  /** Local module → its text as it was bundled. */
  readonly sources: ReadonlyMap<string, string>;
  /** package.json of each package that stays outside → the version it had. */
  readonly packages: ReadonlyMap<string, string>;
  /** Paths that would be looked at first if an absent package were installed. */
  readonly absent: readonly string[];
}

/** Bundles a pipeline. Throws KithErrors with exit code 2 for syntax errors, unresolvable imports and definitions that cannot be hashed. */
export async function bundlePipeline(places: Places): Promise<Bundles> {
  const session = new Session(places);
  try {
    return await bundleAll(session);
  } catch (error) {
    if (isKithError(error)) error.sources = [...session.sources.keys()];
    throw error;
  }
}

async function bundleAll(session: Session): Promise<Bundles> {
  const slice = await session.bundle('slice');
  const slices = session.slice(slice[0]!);
  const [plan, work] = await Promise.all([session.bundle('plan'), session.bundle('work')]);
  const files = new Map([...plan, ...work].map(({ fileName, code }) => [fileName, code]));
  const { sources, packages, absent } = session;
  return { files, slices, sources, packages, absent: [...absent] };
}

/** Packages that declarations themselves are made of: inlined and tree-shaken, which loads ten times faster than the whole. */
const INLINED = /^zod(\/|$)/;

/** In place of the text of a module that changed between two bundles of one session: no file holds it. */
const TORN = '\0';

async function generate(build: RolldownBuild, purpose: Purpose, format: 'esm' | 'cjs'): Promise<OutputChunk[]> {
  const extension = format === 'esm' ? 'mjs' : 'cjs';
  const { output } = await build.generate({
    format,
    exports: 'named',
    minify: false,
    comments: false,
    codeSplitting: purpose === 'work',
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `${purpose}-[name]-[hash].${extension}`,
  });
  return output.filter((each) => each.type === 'chunk').sort((a, b) => Number(b.isEntry) - Number(a.isEntry));
}

/** The plan as a script; nothing where it awaits at its top, imports a package or imports anything later: then it stays a module. */
async function asScript(build: RolldownBuild, [plan]: readonly OutputChunk[]): Promise<OutputChunk[]> {
  if (!plan!.imports.every(isBuiltin) || plan!.dynamicImports.length > 0) return [];
  try {
    return await generate(build, 'plan', 'cjs');
  } catch {
    return [];
  }
}

type Resolved = { readonly id: string; readonly external?: boolean | 'absolute' };

class Session {
  readonly sources = new Map<string, string>();
  readonly packages = new Map<string, string>();
  readonly absent = new Set<string>();
  readonly #places: Places;
  /** Folders of this package that hold sources. */
  readonly #own: readonly string[];
  readonly #bare = new Map<string, { modules: string[]; packages: string[] }>();
  readonly #lines = new Map<string, { kind: string; line: number }[]>();
  readonly #needs = new Map<string, readonly string[]>();
  readonly #parsed = new Map<string, Syntax | undefined>();

  constructor(places: Places) {
    this.#places = { ...places, entry: realpathSync(places.entry), root: realpathSync(places.root), kith: realpathSync(places.kith) };
    this.#own = ['nodes', 'engine', 'cache'].map((folder) => join(this.#places.kith, folder) + sep);
  }

  async bundle(purpose: Purpose): Promise<OutputChunk[]> {
    const { entry, root } = this.#places;
    const refusals: KithError[] = [];
    const unresolved: RolldownLog[] = [];
    try {
      const build = await rolldown({
        input: { [purpose]: entry },
        cwd: root,
        platform: 'node',
        transform: { target: 'node20.19' },
        resolve: { extensionAlias: { '.js': ['.js', '.ts', '.tsx'], '.mjs': ['.mjs', '.mts'], '.jsx': ['.jsx', '.tsx'] } },
        optimization: { inlineConst: false },
        treeshake: purpose === 'plan' ? { moduleSideEffects: (id, external) => this.#actsInPlan(id, external) } : true,
        plugins: [this.#plugin(purpose, refusals)],
        onLog: (_, log) => void (log.code === 'UNRESOLVED_IMPORT' && unresolved.push(log)),
      });
      const chunks = await generate(build, purpose, 'esm');
      if (refusals[0]) throw refusals[0];
      if (unresolved[0]) throw bundlingFailure(unresolved[0], this.#reading());
      if (purpose === 'plan') chunks.push(...(await asScript(build, chunks)));
      await build.close();
      return chunks;
    } catch (error) {
      throw refusals[0] ?? bundlingFailure(error, this.#reading());
    }
  }

  /** Digests of the code in the chunk that was made for it. */
  slice(chunk: OutputChunk): Slices {
    const slices = sliceCode({
      program: parse('slice.mjs', chunk.code)!,
      regions: regionsOf(chunk),
      definer: join(this.#places.kith, 'engine', 'define-node.ts'),
      bare: this.#bare,
      needs: this.#needs,
      bundler: VERSION,
      label: (module) => this.#label(module),
      isProject: (module) => this.#isLocal(module) && !this.#isKith(module),
    });
    this.#refuseTwins(slices);
    return slices;
  }

  #refuseTwins({ definitions }: Slices): void {
    for (const [index, { kind }] of definitions.entries()) {
      if (definitions.findIndex((each) => each.kind === kind) === index) continue;
      const twins = new Set(definitions.filter((each) => each.kind === kind).map(({ module }) => module));
      const places = [...twins].flatMap((module) =>
        (this.#lines.get(module) ?? []).flatMap((each) => (each.kind === kind ? `${this.#label(module)}:${each.line}` : [])),
      );
      throw new KithError(`Two nodes are of kind "${kind}".`, {
        facts: [`They are defined at ${places.join(' and ')}.`],
        hint: 'Give one of them another kind.',
        exitCode: 2,
      });
    }
  }

  #plugin(purpose: Purpose, refusals: KithError[]): Plugin {
    const resolve = (context: PluginContext, specifier: string, importer: string, kind: ImportKind): Promise<Resolved | null> =>
      this.#resolve(context, specifier, importer, kind, purpose);
    const transform = async (context: PluginContext, text: string, id: string): Promise<Rewritten | undefined> => {
      try {
        return await this.#transform(context, text, id, purpose);
      } catch (error) {
        if (!isKithError(error)) throw error;
        refusals.push(error);
        return undefined;
      }
    };
    return {
      name: 'kith',
      resolveId: {
        filter: { id: /^[^./\0]/ },
        handler(specifier, importer, { kind }) {
          return importer === undefined ? null : resolve(this, specifier, importer, kind);
        },
      },
      transform: {
        filter: { id: { exclude: [/^\0/, /[\\/]node_modules[\\/]zod[\\/]/] } },
        async handler(text, id) {
          const made = await transform(this, text, id);
          return made ? { code: made.text, map: null } : null;
        },
      },
    };
  }

  /** What a specifier that is no path stands for; null leaves it to the bundler. */
  async #resolve(
    context: PluginContext,
    specifier: string,
    importer: string,
    kind: ImportKind,
    purpose: Purpose,
  ): Promise<Resolved | null> {
    if (isAbsolute(specifier)) return null;
    if (specifier.startsWith('file:')) return { id: fileURLToPath(specifier) };
    if (isBuiltin(specifier)) return { id: specifier.startsWith('node:') ? specifier : `node:${specifier}`, external: true };
    if (specifier === 'kith') return { id: join(this.#places.kith, 'nodes', 'index.ts') };
    if (purpose !== 'slice' && INLINED.test(specifier)) return null;
    const found = await context.resolve(specifier, importer, { skipSelf: true, kind });
    if (!found || found.external) return kind === 'import-statement' ? null : this.#absentPackage(specifier, importer, purpose);
    return this.#place(specifier, importer, found.id, kind, purpose);
  }

  async #transform(context: PluginContext, text: string, id: string, purpose: Purpose): Promise<Rewritten | undefined> {
    if (!this.#isLocal(id)) return undefined;
    const made = this.#rewrite(id, text, purpose);
    if (purpose === 'slice' && made && made.bare.length > 0) {
      const resolved = await Promise.all(made.bare.map((specifier) => context.resolve(specifier, id, { kind: 'import-statement' })));
      this.#noteBare(id, resolved);
    }
    return made;
  }

  /** A local module with what bundling needs changed; undefined where nothing is to be changed or the module cannot be parsed. */
  #rewrite(id: string, text: string, purpose: Purpose): Rewritten | undefined {
    const before = this.sources.get(id);
    const known = before === text;
    this.sources.set(id, before === undefined || known ? text : TORN);
    if (!/^\.[cm]?[jt]sx?$/.test(extname(id)) || !needsRewriting(text)) return undefined;
    if (!known || !this.#parsed.has(id)) this.#parsed.set(id, parse(id, text));
    const program = this.#parsed.get(id);
    if (!program) return undefined;
    const shown = this.#label(id);
    const place = this.#isKith(id) ? relative(this.#places.kith, id) : shown;
    const made = rewrite({ file: id, text, program, shown, place }, purpose);
    if (purpose === 'slice') this.#lines.set(id, [...made.definitions]);
    return made;
  }

  #noteBare(id: string, resolved: readonly (Resolved | null)[]): void {
    const found = resolved.filter((each) => each !== null);
    const modules = found.flatMap((each) => (each.external ? [] : each.id));
    this.#bare.set(id, { modules, packages: found.flatMap((each) => (each.external ? each.id : [])) });
  }

  /** A bare specifier that was found: inlined where it leads out of node_modules (a linked package), else left outside. */
  #place(specifier: string, importer: string, id: string, kind: ImportKind, purpose: Purpose): Resolved | null {
    if (this.#isLocal(id)) return { id };
    const { name, subpath } = nameOf(specifier);
    const manifest = manifestOf(id, name);
    const version = manifest === undefined ? 'unknown' : readVersion(manifest);
    if (manifest !== undefined) this.packages.set(manifest, version);
    if (purpose === 'slice') {
      const optional = kind === 'dynamic-import' && isOptional(importer, name);
      const hashed = optional ? 'optional' : version;
      if (manifest !== undefined && !optional) this.#noteNeeds(manifest, `${name}@${version}`);
      return { id: `${PACKAGE_PREFIX}${name}@${hashed}${subpath}`, external: true };
    }
    return { id: kind === 'require-call' ? id : pathToFileURL(id).href, external: true };
  }

  /** A package does what it does with those that it needs: their versions count as its own does. */
  #noteNeeds(manifest: string, named: string): void {
    if (this.#needs.has(named)) return;
    const needed = neededPackages(manifest);
    for (const [path, { version }] of needed) this.packages.set(path, version);
    this.#needs.set(named, [...new Set([...needed.values()].map(({ name, version }) => `${name}@${version}`))].sort());
  }

  /** `await import('optional-package')` may fail when it runs, and is then the program's to handle. */
  #absentPackage(specifier: string, importer: string, purpose: Purpose): Resolved {
    const { name, subpath } = nameOf(specifier);
    for (let at = dirname(importer); ; at = dirname(at)) {
      this.absent.add(join(at, 'node_modules', name));
      if (dirname(at) === at) break;
    }
    const hashed = isOptional(importer, name) ? 'optional' : 'absent';
    return { id: purpose === 'slice' ? `${PACKAGE_PREFIX}${name}@${hashed}${subpath}` : specifier, external: true };
  }

  /** While planning a module counts for its exports alone, unless it was imported for its effects or is the pipeline file. */
  #actsInPlan(id: string, external: boolean): boolean | undefined {
    if (external) return false;
    if (!this.#isLocal(id)) return undefined;
    return id === this.#places.entry || [...this.#bare.values()].some(({ modules }) => modules.includes(id));
  }

  #isKith(id: string): boolean {
    return this.#own.some((folder) => id.startsWith(folder));
  }

  #isLocal(id: string): boolean {
    return this.#isKith(id) || !id.includes(`${sep}node_modules${sep}`);
  }

  #label(id: string): string {
    const { root, kith } = this.#places;
    const path = this.#isKith(id) && root !== kith ? join('kith', relative(kith, id)) : relative(root, id);
    return path.split(sep).join('/');
  }

  #reading(): { readonly label: (id: string) => string } {
    return { label: (id) => this.#label(id) };
  }
}

/** The syntax tree of a module; undefined where it has errors, which the bundler reports better. */
function parse(file: string, text: string): Syntax | undefined {
  const { program, errors } = parseSync(file, text, { preserveParens: false, sourceType: /\.c[jt]s$/.test(file) ? 'commonjs' : 'module' });
  return errors.length > 0 ? undefined : (program as unknown as Syntax);
}

/** The stretch of the chunk that each module became. */
function regionsOf({ code, modules }: OutputChunk): { module: string; start: number; end: number }[] {
  let at = 0;
  return Object.entries(modules).flatMap(([module, rendered]) => {
    const start = rendered.code ? code.indexOf(rendered.code, at) : -1;
    if (start < 0) return [];
    at = start + rendered.code!.length;
    return [{ module, start, end: at }];
  });
}
