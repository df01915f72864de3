// Everything that a report shows of a run: its story from the events, its records and artifacts from the cache, pictures by the nodes' own `draw`.
import { compareEntries } from '../compare/comparison.ts';
import { entriesOf } from '../compare/entries.ts';
import { getArtifact } from '../../cache/artifact.ts';
import { parseRecord } from '../../cache/record.ts';
import type { Digest, Key } from '../../cache/store.ts';
import type { ShownFile } from '../define-node.ts';
import { definitionsOf } from '../load.ts';
import type { Project } from '../project.ts';
import { loadInputs } from '../workers/execute.ts';
import type { Picture } from './html/gallery.ts';
import type { Provenance } from './html/origin.ts';
import type { Report } from './html/page.ts';
import type { Story } from './story.ts';

/** The report of a run. Records or artifacts that the cache has no more are left out. */
export async function gather(project: Project, story: Story, version: string): Promise<Report> {
  return {
    story,
    ...(story.variants ? { comparison: compareEntries(entriesOf(story, project.store)) } : {}),
    tables: story.nodes.flatMap(({ summary }) => summary?.table ?? []),
    pictures: await picturesOf(project, story.nodes),
    provenance: story.nodes.flatMap(({ key }) => provenanceOf(project, key)),
    version,
  };
}

/** A node of the project's graph with the artifact that it came to. */
interface Made {
  readonly name: string;
  readonly kind: string;
  readonly artifact?: string;
}

/** What the nodes draw of their artifacts and of those that they were made from. */
export async function picturesOf({ compiled, graph, store }: Project, nodes: readonly Made[]): Promise<Picture[]> {
  const definitions = await definitionsOf(compiled.workFile);
  const made = new Map(nodes.map(({ name, artifact }) => [name, artifact]));
  const pictures: Picture[] = [];
  for (const { name: node, kind, artifact: digest } of nodes) {
    const definition = definitions.get(kind);
    const artifact = definition?.draw && digest !== undefined ? await getArtifact(store, digest as Digest) : undefined;
    if (!definition?.draw || artifact === undefined) continue;
    const inputs = Object.fromEntries(
      Object.entries(graph.nodes.get(node)?.inputs ?? {}).flatMap(([slot, name]) => {
        const input = made.get(name);
        return input === undefined ? [] : [[slot, input as Digest]];
      }),
    );
    const files = await definition.draw(artifact as never, (await loadInputs(definition, { inputs }, store)) as never);
    pictures.push(...files.flatMap((file) => pictureOf(node, file)));
  }
  return pictures;
}

const KINDS: readonly string[] = ['png', 'svg', 'jpg'];

function pictureOf(node: string, { name = '', extension = 'png', bytes }: ShownFile): Picture[] {
  return KINDS.includes(extension) ? [{ node, name, extension: extension as Picture['extension'], bytes }] : [];
}

/** What the record of a key says of where its result comes from; nothing where there is none. */
export function provenanceOf({ store }: Pick<Project, 'store'>, key: string): Provenance[] {
  const record = parseRecord(store.getRecordSync(key as Key), key as Key);
  if (!record) return [];
  const { seed, params, code, files } = record.readable.key as unknown as Pick<Provenance, 'seed' | 'params' | 'code' | 'files'>;
  const { node, kind, artifact, finished, seconds, environment } = record;
  return [{ node, kind, key, artifact, finished, seconds, seed, params, code, files, environment }];
}
