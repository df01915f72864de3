// One page that tells a whole run: self-contained, no script, no network; for a screen, a phone, the dark and paper.
import { inWords } from '../../device.ts';
import { acceptedInWords } from '../accepted.ts';
import type { Failure, Table } from '../../events.ts';
import { bytes, count, duration, number } from '../format.ts';
import type { NodeStory, Story } from '../story.ts';
import type { Comparison } from '../../compare/comparison.ts';
import { comparisonTable } from '../../compare/formats.ts';
import { curveCharts } from './curves.ts';
import { dagPicture } from './dag.ts';
import { html, Markup } from './markup.ts';
import { parallelCoordinates } from './parallel.ts';
import { STYLE } from './style.ts';
import { timeline } from './timeline.ts';

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

/** A picture that a node drew of its artifact. */
export interface Picture {
  readonly node: string;
  readonly name: string;
  readonly extension: 'png' | 'svg' | 'jpg';
  readonly bytes: Uint8Array;
}

/** Where a node's result comes from. */
export interface Provenance {
  readonly node: string;
  readonly kind: string;
  readonly key: string;
  readonly artifact: string;
  /** When it was made, in milliseconds since 1970. */
  readonly finished: number;
  readonly seconds: number;
  readonly seed: number;
  readonly params: { readonly [param: string]: unknown };
  readonly code: string;
  readonly files: { readonly [path: string]: string };
  readonly environment: { readonly [name: string]: unknown };
}

export function page({ story, tables, comparison, pictures, provenance, version }: Report): string {
  const title = `${story.pipeline}: ${when(story.started)}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <h1>${story.pipeline}</h1>
        <p class="faint">Run ${story.run}, ${when(story.started)}: ${ENDS[story.ended]} after ${duration(story.seconds)}.</p>
        ${tiles(story)} ${story.warnings.map((text) => html`<p class="warning">${text}</p>`)}
        ${story.nodes.flatMap(({ name, summary }) => (summary?.warnings ?? []).map((text) => html`<p class="warning">${name}: ${text}</p>`))}
        ${story.nodes.flatMap(({ name, failure }) => (failure ? [failed(name, failure)] : []))} ${section('Results', tables.map(table))}
        ${comparison && section('Variants', [table(comparisonTable(comparison)), ...(parallelCoordinates(comparison) ? [parallelCoordinates(comparison)!] : [])])}
        ${section('The graph', dagPicture(story.nodes))} ${section('Training', curveCharts(story.nodes))}
        ${section('Pictures', gallery(pictures))} ${section('When it ran', timeline(story))} ${section('Nodes', nodeTable(story.nodes))}
        ${section('Where each result comes from', provenance.map(origin))}
        <p class="faint">
          Written by Kith ${version}. ${count(story.nodes.length, 'node')}, ${count(story.jobs, 'job')}, device ${inWords(story)}.
        </p>
      </body>
    </html>`.text;
}

const ENDS = { finished: 'finished', failed: 'ended with failures', interrupted: 'interrupted', open: 'not ended' } as const;

/** In the reader's notation, without depending on where the page is made: 2026-03-01 14:05 UTC. */
const when = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function section(title: string, body: Markup | readonly Markup[] | undefined): Markup | undefined {
  if (body === undefined || (Array.isArray(body) && body.length === 0)) return undefined;
  return html`<section>
    <h2>${title}</h2>
    ${body as Markup}
  </section>`;
}

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
  return html`<div class="tiles">${all.map(([name, value]) => html`<div class="tile"><b>${value}</b><span>${name}</span></div>`)}</div>`;
}

const failed = (node: string, { headline, facts, hint }: Failure): Markup =>
  html`<div class="failure">
    <b>${node}</b>: ${headline}${facts.map((fact) => html`<br /><code>${fact}</code>`)}${hint && html`<br />${hint}`}
  </div>`;

export function table({ title, columns, rows }: Table): Markup {
  const isFigure = (at: number): boolean =>
    rows.every((row) => typeof row[at] === 'number' || /^([-+−±]?[\d.,]+%?)?$/.test(String(row[at] ?? '')));
  const kinds = columns.map((_, at) => (isFigure(at) ? 'figure' : ''));
  return html`${title && html`<h3>${title}</h3>`}
    <div class="scroll">
      <table>
        <tr>
          ${columns.map((column) => html`<th>${column}</th>`)}
        </tr>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) => html`<td class="${kinds[at]!}">${typeof cell === 'number' ? number(cell) : cell}</td>`)}
            </tr>`,
        )}
      </table>
    </div>`;
}

const gallery = (pictures: readonly Picture[]): Markup | undefined =>
  pictures.length === 0 ? undefined : html`<div class="pictures">${pictures.map(picture)}</div>`;

const TYPES = { png: 'image/png', jpg: 'image/jpeg', svg: 'image/svg+xml' } as const;

function picture({ node, name, extension, bytes: content }: Picture): Markup {
  const source = `data:${TYPES[extension]};base64,${Buffer.from(content).toString('base64')}`;
  return html`<figure>
    <figcaption><b>${node}</b> ${name}</figcaption>
    <img src="${source}" alt="${name} of ${node}" loading="lazy" ${extension === 'svg' && html`class="smooth"`} />
  </figure>`;
}

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

function origin({ node, kind, key, artifact, finished, seconds, seed, params, code, files, environment }: Provenance): Markup {
  const facts: (readonly [string, string])[] = [
    ['kind', kind],
    ['made', `${when(finished)}, in ${duration(seconds)}`],
    ['seed', String(seed)],
    ['params', JSON.stringify(params)],
    ...Object.entries(files).map(([path, digest]) => [`file ${path}`, digest] as const),
    ['on', Object.entries(environment).map(([name, value]) => `${name} ${String(value)}`).join(', ')], // prettier-ignore
    ['key', key],
    ['code', code],
    ['artifact', artifact],
  ];
  return html`<details>
    <summary><b>${node}</b></summary>
    <table>
      ${facts.map(
        ([name, value]) =>
          html`<tr>
            <th>${name}</th>
            <td><code>${value}</code></td>
          </tr>`,
      )}
    </table>
  </details>`;
}
