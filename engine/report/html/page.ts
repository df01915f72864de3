// One page that tells a whole run: self-contained, no script, no network; for a screen, a phone, the dark and paper.
import { inWords } from '../../device.ts';
import { acceptedInWords } from '../accepted.ts';
import type { Failure, Table } from '../../events.ts';
import { bytes, count, duration, number } from '../format.ts';
import type { NodeStory, Story } from '../story.ts';
import type { Comparison } from '../../compare/comparison.ts';
import { comparisonTable } from '../../compare/formats.ts';
import { curveCharts } from './curves.ts';
import { dagPicture, type Drawn } from './dag.ts';
import { document, section, table, tileRow, when } from './frame.ts';
import { gallery, type Picture } from './gallery.ts';
import { html, type Markup } from './markup.ts';
import { origin, type Provenance } from './origin.ts';
import { parallelCoordinates } from './parallel.ts';
import { timeline, type TimelineRow } from './timeline.ts';

export interface Report {
  readonly story: Story;
  readonly tables: readonly Table[];
  /** Of the run's variants, where there are several. */
  readonly comparison?: Comparison;
  readonly pictures: readonly Picture[];
  readonly provenance: readonly Provenance[];
  /** Version of Kith. */
  readonly version: string;
}

export function page({ story, tables, comparison, pictures, provenance, version }: Report): string {
  const title = `${story.pipeline}: ${when(story.started)}`;
  return document(
    title,
    html`<h1>${story.pipeline}</h1>
      <p class="faint">Run ${story.run}, ${when(story.started)}: ${ENDS[story.ended]} after ${duration(story.seconds)}.</p>
      ${tiles(story)} ${story.warnings.map((text) => html`<p class="warning">${text}</p>`)}
      ${story.nodes.flatMap(({ name, summary }) => (summary?.warnings ?? []).map((text) => html`<p class="warning">${name}: ${text}</p>`))}
      ${story.nodes.flatMap(({ name, failure }) => (failure ? [failed(name, failure)] : []))} ${section('Results', tables.map(table))}
      ${comparison && section('Variants', [table(comparisonTable(comparison)), ...(parallelCoordinates(comparison) ? [parallelCoordinates(comparison)!] : [])])}
      ${section('The graph', dagPicture(story.nodes.map(drawn)))} ${section('Training', curveCharts(story.nodes))}
      ${section('Pictures', gallery(pictures))} ${section('When it ran', timeline(story.nodes.map(ran), story.seconds))}
      ${section('Nodes', nodeTable(story.nodes))} ${section('Where each result comes from', provenance.map(origin))}
      <p class="faint">
        Written by Kith ${version}. ${count(story.nodes.length, 'node')}, ${count(story.jobs, 'job')}, device ${inWords(story)}.
      </p>`,
  );
}

const drawn = ({ name, inputs, state, seconds, summary, kind }: NodeStory): Drawn => ({
  name,
  inputs,
  state,
  under: seconds === undefined ? state : `${state}, ${duration(seconds)}`,
  about: summary?.line ?? kind,
});

const ran = ({ name, state, ran: span }: NodeStory): TimelineRow => ({ name, bars: span ? [{ name, state, ...span }] : [] });

export const ENDS = { finished: 'finished', failed: 'ended with failures', interrupted: 'interrupted', open: 'not ended' } as const;

/** The figures of the last node that has any, and what the run did. */
function tiles({ nodes, seconds }: Story): Markup {
  const metrics = Object.entries(nodes.findLast(({ summary }) => summary?.metrics)?.summary?.metrics ?? {});
  const of = (state: NodeStory['state']): number => nodes.filter((node) => node.state === state).length;
  const all = [
    ...metrics.map(([name, value]) => [name.length <= 3 ? name.toUpperCase() : name, number(value)]),
    ['executed', number(of('executed'))],
    ['cached', number(of('cached'))],
    ['time', duration(seconds)],
  ];
  return tileRow(all as [string, string][]);
}

const failed = (node: string, { headline, facts, hint }: Failure): Markup =>
  html`<div class="failure">
    <b>${node}</b>: ${headline}${facts.map((fact) => html`<br /><code>${fact}</code>`)}${hint && html`<br />${hint}`}
  </div>`;

function nodeTable(nodes: readonly NodeStory[]): Markup {
  const rows = nodes.map(({ name, state, seconds, summary, reason, bytes: size }) => [
    name,
    summary?.accepted ? 'accepted' : state,
    seconds === undefined ? '' : duration(seconds),
    size === undefined ? '' : bytes(size),
    summary?.line ?? '',
    summary?.accepted ? acceptedInWords(summary.accepted) : state === 'cached' ? '' : (reason?.text ?? ''),
  ]);
  return table({ title: '', columns: ['node', 'state', 'cost', 'size', 'result', 'why it ran'], rows });
}
