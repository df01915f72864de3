// One page that tells a whole sweep: what was best, how it was found, what mattered, what it cost and what sharing saved. As the page of a run, it is
// self-contained.
import type { Comparison } from '../../compare/comparison.ts';
import { inWords } from '../../device.ts';
import { count, duration, number, ownName, paramValue, percent, spread } from '../format.ts';
import type { SweepReport } from '../gather-sweep.ts';
import type { ResultStory, StageStory, SweepStory } from '../sweep-story.ts';
import { outcomeOf } from '../sweep-table.ts';
import { bestCourse } from './best-course.ts';
import { curveCharts } from './curves.ts';
import { dagPicture, type Drawn } from './dag.ts';
import { document, section, table, tileRow, when } from './frame.ts';
import { gallery } from './gallery.ts';
import { html, type Markup } from './markup.ts';
import { origin } from './origin.ts';
import { ENDS } from './page.ts';
import { parallelCoordinates } from './parallel.ts';
import { timeline } from './timeline.ts';

/** Figures beside the objective that a table has room for. */
const FIGURES = 4;

export function sweepPage({ story, cautions, best, version }: SweepReport): string {
  const { name, pipeline, strategy, objective, sessions, course, results, cost } = story;
  const [first] = sessions;
  const figure = `${objective.node}.${objective.metric}`;
  return document(
    `Sweep ${name}`,
    html`<h1>${name}</h1>
      <p class="faint">
        A sweep of ${pipeline} by ${strategy}, for the ${objective.goal === 'max' ? 'highest' : 'lowest'}
        ${figure}${first && `, begun ${when(first.started)}`}.
      </p>
      ${tiles(story)} ${cautions.map((text) => html`<p class="warning">${text}</p>`)}
      ${section('The best so far', bestCourse(course, figure))} ${section('Trials', leaderboard(story))}
      ${section('What mattered', importanceTable(story))}
      ${section('Params and figures', parallelCoordinates(comparisonOf(story), objective.goal))}
      ${section('What was shared', [dagPicture(story.stages.map(drawn)), stageTable(story)])} ${best && theBest(best)}
      ${section(
        'When it ran',
        timeline(
          story.stages.map((stage) => rowOf(stage, results)),
          cost.work,
        ),
      )}
      ${section('Where the figures come from', [sessionTable(story), resultTable(story)])}
      <p class="faint">Written by Kith ${version}.</p>`,
  );
}

function tiles({ trials, objective, seeds, cost }: SweepStory): Markup {
  const [first] = trials;
  const done = trials.filter(({ state }) => state === 'done').length;
  return tileRow([
    [`best ${objective.metric}`, first?.score === undefined ? '–' : outcomeOf(first, seeds.length)],
    ['best trial', first?.score === undefined ? '–' : String(first.trial)],
    [`of ${count(trials.length, 'trial')} done`, number(done)],
    [seeds.length === 1 ? 'seed' : 'seeds', number(seeds.length)],
    [`results for ${number(cost.uses)} uses`, number(cost.results)],
    ['node time', duration(cost.seconds)],
    ['saved by sharing', cost.alone > 0 ? percent(1 - cost.seconds / cost.alone) : '–'],
  ]);
}

function leaderboard({ trials, params, metrics, objective, seeds }: SweepStory): Markup {
  const [, ...others] = metrics;
  const shown = others.slice(0, FIGURES);
  const rows = trials.map((trial) => [
    trial.trial,
    ...params.map((path) => paramValue(trial.params[path])),
    outcomeOf(trial, seeds.length),
    ...shown.map((path) => (trial.metrics[path] ? spread(trial.metrics[path]) : '')),
    duration(trial.seconds),
    duration(trial.ownSeconds),
  ]);
  return table({ title: '', columns: ['trial', ...params.map(short), objective.metric, ...shown, 'node time', 'of it alone'], rows });
}

/** The name of a param without its node, where no other is called so. */
const short = (path: string, _at: number, paths: readonly string[]): string =>
  paths.filter((each) => ownName(each) === ownName(path)).length > 1 ? path : ownName(path);

function importanceTable({ importance }: SweepStory): Markup | undefined {
  if (importance.length === 0) return undefined;
  return html`<p class="faint">The share of the variance of the objective that lies between the values of each param alone.</p>
    ${importance.map(
      ({ path, share }) =>
        html`<div class="share">
          <span>${path}</span><i style="width:${Math.max(0.3, 50 * share).toFixed(1)}%"></i><b>${percent(share)}</b>
        </div>`,
    )}`;
}

function comparisonOf({ trials, params, objective }: SweepStory): Comparison {
  const metric = `${objective.node}.${objective.metric}`;
  const rows = trials.map(({ trial, params: values, score, deviation = 0 }) => ({
    labels: [`trial ${trial}`],
    params: values,
    metrics: { [metric]: score === undefined ? undefined : { mean: score, deviation, count: 1 } },
  }));
  return { params, metrics: [metric], rows };
}

const drawn = ({ name, inputs, results, uses, seconds, failed }: StageStory): Drawn => ({
  name,
  inputs,
  state: failed > 0 ? 'failed' : results > 0 ? 'executed' : 'waiting',
  under: `${number(results)} for ${number(uses)}, ${duration(seconds)}`,
  about: `${count(results, 'result')} for ${count(uses, 'use')}`,
});

function stageTable({ stages, cost }: SweepStory): Markup {
  const rows = stages.map(({ name, results, executed, failed, uses, seconds, alone }) => [
    name,
    results,
    uses,
    executed,
    failed,
    duration(seconds),
    duration(alone),
  ]);
  const all = ['all', cost.results, cost.uses, cost.executed, '', duration(cost.seconds), duration(cost.alone)];
  const columns = ['stage', 'results', 'uses', 'executed here', 'failed', 'node time', 'without sharing'];
  return table({ title: '', columns, rows: [...rows, all] });
}

function theBest({ trial, seed, nodes, tables, pictures, provenance }: NonNullable<SweepReport['best']>): Markup {
  const charts = curveCharts(nodes);
  return html`${section(`The best: trial ${trial} at seed ${seed}`, [...tables.map(table), ...(charts ? [charts] : [])])}
  ${section(`Pictures of trial ${trial}`, gallery(pictures))}
  ${section(`Where the results of trial ${trial} come from`, provenance.map(origin))}`;
}

const rowOf = ({ name }: StageStory, results: readonly ResultStory[]) => ({
  name,
  bars: results.flatMap(({ stage, state, ran, name: result }) => (stage === name && ran ? [{ name: result, state, ...ran }] : [])),
});

function sessionTable({ sessions, seeds }: SweepStory): Markup {
  const rows = sessions.map(({ run, started, seconds, ended, jobs, threads, ...device }) => [
    run,
    when(started),
    duration(seconds),
    ENDS[ended],
    jobs,
    threads,
    inWords(device),
  ]);
  return html`<p>Each trial was run at ${seeds.length === 1 ? 'the seed' : 'the seeds'} ${seeds.join(', ')}.</p>
    ${table({ title: 'Runs', columns: ['run', 'begun', 'took', 'end', 'jobs', 'threads', 'device'], rows })}`;
}

/** Folded up: a large sweep has thousands. */
function resultTable({ results }: SweepStory): Markup {
  const rows = results.map(({ stage, uses, key, state, seconds, summary }) => [
    stage,
    usesText(uses),
    key,
    state,
    seconds === undefined ? '' : duration(seconds),
    summary?.line ?? '',
  ]);
  return html`<details>
    <summary><b>${count(results.length, 'result')}</b> with their keys</summary>
    ${table({ title: '', columns: ['stage', 'trials', 'key', 'state', 'cost', 'result'], rows })}
  </details>`;
}

function usesText(uses: ResultStory['uses']): string {
  const trials = [...new Set(uses.map(({ trial }) => trial))].sort((a, b) => a - b);
  const seeds = [...new Set(uses.map(({ seed }) => seed))].sort((a, b) => a - b);
  const shown = trials.length > 6 ? `${trials.slice(0, 5).join(', ')} and ${trials.length - 5} more` : trials.join(', ');
  return `${shown} at seed ${seeds.join(', ')}`;
}
