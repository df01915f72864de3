// Everything that the report of a sweep shows: its story, and of the best trial its tables, curves, pictures and origins.
import type { Table } from '../events.ts';
import type { Project } from '../project.ts';
import { picturesOf, provenanceOf } from './gather.ts';
import type { Picture } from './html/gallery.ts';
import type { Provenance } from './html/origin.ts';
import type { NodeStory } from './story.ts';
import type { SweepStory } from './sweep-story.ts';

export interface SweepReport {
  readonly story: SweepStory;
  /** What the objective cannot tell. */
  readonly cautions: readonly string[];
  /** The best trial at the first of its seeds; absent where none is done. */
  readonly best?: Best;
  /** Version of Kith. */
  readonly version: string;
}

export interface Best {
  readonly trial: number;
  readonly seed: number;
  /** Its results, by their names in the pipeline. */
  readonly nodes: readonly NodeStory[];
  readonly tables: readonly Table[];
  readonly pictures: readonly Picture[];
  readonly provenance: readonly Provenance[];
}

/** Records or artifacts that the cache has no more are left out. */
export async function gatherSweep(
  project: Project,
  story: SweepStory,
  { cautions, version }: Pick<SweepReport, 'cautions' | 'version'>,
): Promise<SweepReport> {
  const [first] = story.trials;
  const best = first?.score === undefined ? undefined : await bestOf(project, story, first.trial);
  return { story, cautions, ...(best ? { best } : {}), version };
}

async function bestOf(project: Project, { results }: SweepStory, trial: number): Promise<Best | undefined> {
  const seeds = results.flatMap(({ uses }) => uses.filter((use) => use.trial === trial).map((use) => use.seed));
  if (seeds.length === 0) return undefined; // The journals of its runs are gone.
  const seed = Math.min(...seeds);
  const nodes = results
    .filter(({ uses }) => uses.some((use) => use.trial === trial && use.seed === seed))
    .map(({ stage, ...node }) => ({ ...node, name: stage }));
  return {
    trial,
    seed,
    nodes,
    tables: nodes.flatMap(({ summary }) => summary?.table ?? []),
    pictures: await picturesOf(project, nodes),
    provenance: nodes.flatMap(({ name, key }) => provenanceOf(project, key).map((each) => ({ ...each, node: name }))),
  };
}
