// A sweep above the running nodes: how far it is, the best trials, and those at work with a mark a stage.
import type { Plain } from '../../cache/array.ts';
import { number, ownName, paramValue, spread, wholeDuration } from '../report/format.ts';
import type { Paint } from '../report/paint.ts';
import { MARKS } from '../report/rows.ts';
import { oneLine, textWidth, truncate } from '../report/width.ts';
import { sparkText } from './sparkline.ts';
import type { State, SweepView } from './state.ts';
import { viewTrials, type TrialsView, type TrialView } from './trials.ts';

/** Lines that a sweep wants at most: its head, the best, those at work, how many more. */
const [BEST, AT_WORK, COURSE] = [5, 4, 16];

export interface SweepLinesOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly width: number;
  /** Lines there is room for. */
  readonly room: number;
  readonly paint: Paint;
}

/** The first line matters most; none where there is no room. */
export function sweepLines(state: State, sweep: SweepView, { now, width, room, paint }: SweepLinesOptions): string[] {
  const view = viewTrials(state, sweep, now);
  const rows = Math.max(0, room - 2);
  const best = view.done.slice(0, Math.min(BEST, Math.ceil(rows / 2)));
  const open = view.open.slice(0, Math.min(AT_WORK, rows - best.length));
  const more = view.open.length - open.length;
  const lines = [
    head(sweep, view, width, paint),
    ...best.map((trial) => bestLine(trial, width, paint)),
    ...open.map((trial) => openLine(trial, width, paint)),
    ...(open.length > 0 && more > 0 ? [paint.faint(truncate(`  and ${number(more)} more trials`, width))] : []),
  ];
  return lines.slice(0, Math.max(0, room));
}

/** `rates  7 of 18 trials · best loss 0.412 (trial 9) ▁▃▅█ · about 12 min left`: as many parts as fit. */
function head({ name, limit, trials, objective }: SweepView, view: TrialsView, width: number, paint: Paint): string {
  const [best] = view.done;
  const title = truncate(oneLine(name), width);
  const parts = [
    `${number(view.done.length)} of ${number(limit ?? trials.length)} trials`,
    ...(view.failed > 0 ? [`${number(view.failed)} failed`] : []),
    ...(best ? [`best ${objective.metric} ${number(best.score!)} (trial ${best.trial})`] : []),
    ...(view.secondsLeft === undefined ? [] : [`about ${wholeDuration(Math.ceil(view.secondsLeft))} left`]),
    ...(view.course.length > 1 ? [sparkText(view.course, COURSE)] : []),
  ];
  let line = '';
  for (const part of parts) {
    const next = line ? `${line} · ${part}` : `  ${part}`;
    if (textWidth(title) + textWidth(next) > width) break;
    line = next;
  }
  return paint.strong(title) + line;
}

function bestLine({ trial, params, score, deviation = 0 }: TrialView, width: number, paint: Paint): string {
  const figure = spread({ mean: score!, deviation, count: deviation > 0 ? 2 : 1 });
  return `${paint.good('✔')}${truncate(` ${trial}  ${figure}  ${inWords(params)}`, width - 1)}`;
}

/** `› 12  ○○✔›··  at clusters, 3 of 6 stages shared  temperature=1`; marks of shared stages are faint. */
function openLine({ trial, params, stages = [] }: TrialView, width: number, paint: Paint): string {
  const at = stages.find(({ phase }) => phase === 'running');
  const shared = stages.filter((stage) => stage.shared).length;
  const start = ` ${trial}  `;
  const room = width - 1 - textWidth(start) - stages.length;
  const lead = paint.accent(at ? '›' : '·');
  if (room < 0) return lead + truncate(start, width - 1);
  const marks = stages.map(({ phase, shared: isShared }) => (isShared ? paint.faint(MARKS[phase]) : MARKS[phase])).join('');
  const words = `  ${at ? `at ${at.name}` : 'waits'}, ${number(shared)} of ${number(stages.length)} stages shared  ${inWords(params)}`;
  return lead + start + marks + truncate(words, room);
}

const inWords = (params: { readonly [path: string]: Plain }): string =>
  Object.entries(params)
    .map(([path, value]) => `${ownName(path)}=${oneLine(paramValue(value))}`)
    .join(' ');
