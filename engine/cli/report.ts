// `kith report [run | sweep]`: a past run or a whole sweep as one self-contained page, or its data as JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { KithError } from '../errors.ts';
import { packageFolder } from '../files.ts';
import { listRuns, readEvents } from '../journal.ts';
import { cacheFolderOf } from '../project.ts';
import { bytes } from '../report/format.ts';
import { gather } from '../report/gather.ts';
import { gatherSweep } from '../report/gather-sweep.ts';
import { page } from '../report/html/page.ts';
import { sweepPage } from '../report/html/sweep-page.ts';
import { readSweep } from '../report/read-sweep.ts';
import { tell } from '../report/story.ts';
import { listSweeps, openLedger } from '../sweep/ledger.ts';
import { cautions } from '../sweep/objective.ts';
import { scoredNodes } from '../sweep/scored-nodes.ts';
import { findRun } from './find-run.ts';
import { openSelected } from './select.ts';
import type { Terminal } from './terminal.ts';

export interface ReportFlags {
  readonly pipeline: string;
  readonly out?: string;
  readonly format: 'html' | 'json';
}

/** A report in both of its forms, made when asked for. */
interface Written {
  /** Ends the name of its file. */
  readonly name: string;
  readonly page: () => string;
  /** Without the bytes of its pictures. */
  readonly data: () => unknown;
}

export async function reportCommand(name: string | undefined, flags: ReportFlags, terminal: Terminal): Promise<number> {
  const { cacheFolder } = cacheFolderOf(resolve(terminal.cwd, flags.pipeline));
  const sweeps = listSweeps(cacheFolder);
  const report =
    name !== undefined && sweeps.includes(name) ? await ofSweep(name, flags, terminal) : await ofRun(name, sweeps, flags, terminal);
  if (flags.format === 'json') {
    const text = `${JSON.stringify(report.data())}\n`;
    if (flags.out === undefined) terminal.out(text);
    else writeFileSync(resolve(terminal.cwd, flags.out), text);
    return 0;
  }
  const file = resolve(terminal.cwd, flags.out ?? `report-${report.name}.html`);
  const text = report.page();
  writeFileSync(file, text);
  terminal.out(`report: ${relative(terminal.cwd, file)} (${bytes(Buffer.byteLength(text))})\n`);
  return 0;
}

async function ofRun(name: string | undefined, sweeps: readonly string[], { pipeline }: ReportFlags, terminal: Terminal): Promise<Written> {
  const project = await openSelected(pipeline, { set: [] }, terminal);
  const run = findRun(listRuns(project.cacheFolder), name, sweeps);
  const story = tell(readEvents(project.cacheFolder, run));
  if (!story) throw new KithError(`The run ${run} left no events.`, { hint: 'kith runs lists the others.' });
  const report = await gather(project, story, version());
  return { name: run, page: () => page(report), data: () => ({ ...report, pictures: report.pictures.map(named) }) };
}

async function ofSweep(name: string, { pipeline }: ReportFlags, terminal: Terminal): Promise<Written> {
  const { root, cacheFolder } = cacheFolderOf(resolve(terminal.cwd, pipeline));
  const ledger = openLedger(cacheFolder, name);
  const project = await openSelected(relative(terminal.cwd, resolve(root, ledger.spec.pipeline)), { set: [] }, terminal);
  const report = await gatherSweep(project, readSweep(cacheFolder, ledger), {
    cautions: cautions(scoredNodes(project), ledger.spec.objective, Object.keys(ledger.spec.space)),
    version: version(),
  });
  const { best, ...rest } = report;
  const data = best ? { ...rest, best: { ...best, pictures: best.pictures.map(named) } } : rest;
  return { name, page: () => sweepPage(report), data: () => data };
}

const named = <T extends { readonly bytes: Uint8Array }>({ bytes: _, ...picture }: T): Omit<T, 'bytes'> => picture;

const version = (): string => (JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string }).version;
