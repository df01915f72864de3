// Everything that a report shows of a run: its story from the events, its records and artifacts from the cache, pictures by the nodes' own `draw`.
import { pathToFileURL } from 'node:url';
import { compareEntries } from '../compare/comparison.ts';
import { entriesOf } from '../compare/entries.ts';
import { getArtifact } from '../../cache/artifact.ts';
import { parseRecord, type ActionRecord } from '../../cache/record.ts';
import type { Digest, Key } from '../../cache/store.ts';
import type { Definition, ShownFile } from '../define-node.ts';
import { definitionsOf } from '../load.ts';
import type { Project } from '../project.ts';
import { loadInputs } from '../workers/execute.ts';
import type { Picture, Provenance, Report } from './html/page.ts';
import type { NodeStory, Story } from './story.ts';

/** The report of a run. Records or artifacts that the cache has no more are left out. */
export async function gather(project: Project, story: Story, version: string): Promise<Report> {
  const definitions = await definitionsOf(pathToFileURL(project.compiled.workFile).href);
  const pictures: Picture[] = [];
  for (const node of story.nodes) pictures.push(...(await picturesOf(node, story, definitions.get(node.kind), project)));
  return {
    story,
    ...(story.variants ? { comparison: compareEntries(entriesOf(story, project.store)) } : {}),
    tables: story.nodes.flatMap(({ summary }) => summary?.table ?? []),
    pictures,
    provenance: story.nodes.flatMap(({ key }) => {
      const record = parseRecord(project.store.getRecordSync(key as Key), key as Key);
      return record ? [provenanceOf(record)] : [];
    }),
    version,
  };
}

const KINDS: readonly string[] = ['png', 'svg', 'jpg'];

async function picturesOf(
  node: NodeStory,
  story: Story,
  definition: Definition | undefined,
  { store, graph }: Project,
): Promise<Picture[]> {
  if (!definition?.draw || node.artifact === undefined) return [];
  const artifact = await getArtifact(store, node.artifact as Digest);
  if (artifact === undefined) return [];
  const made = new Map(story.nodes.map(({ name, artifact: digest }) => [name, digest]));
  const slots = graph.nodes.get(node.name)?.inputs ?? {};
  const inputs = Object.fromEntries(
    Object.entries(slots).flatMap(([slot, name]) => {
      const digest = made.get(name);
      return digest === undefined ? [] : [[slot, digest as Digest]];
    }),
  );
  const files = await definition.draw(artifact as never, (await loadInputs(definition, { inputs }, store)) as never);
  return files.flatMap((file) => pictureOf(node.name, file));
}

function pictureOf(node: string, { name = '', extension = 'png', bytes }: ShownFile): Picture[] {
  return KINDS.includes(extension) ? [{ node, name, extension: extension as Picture['extension'], bytes }] : [];
}

function provenanceOf({ node, kind, key, artifact, finished, seconds, readable, environment }: ActionRecord): Provenance {
  const { seed, params, code, files } = readable.key as unknown as Pick<Provenance, 'seed' | 'params' | 'code' | 'files'>;
  return { node, kind, key, artifact, finished, seconds, seed, params, code, files, environment };
}
