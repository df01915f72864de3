// `kith report [run]`: a past run as one self-contained page, or its data as JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { KithError } from '../errors.ts';
import { packageFolder } from '../files.ts';
import { listRuns, readEvents } from '../journal.ts';
import { bytes } from '../report/format.ts';
import { gather } from '../report/gather.ts';
import { page } from '../report/html/page.ts';
import { tell } from '../report/story.ts';
import { findRun } from './find-run.ts';
import { openSelected } from './select.ts';
import type { Terminal } from './terminal.ts';

export interface ReportFlags {
  readonly pipeline: string;
  readonly out?: string;
  readonly format: 'html' | 'json';
}

export async function reportCommand(name: string | undefined, { pipeline, out, format }: ReportFlags, terminal: Terminal): Promise<number> {
  const project = await openSelected(pipeline, { set: [] }, terminal);
  const run = findRun(listRuns(project.cacheFolder), name);
  const story = tell(readEvents(project.cacheFolder, run));
  if (!story) throw new KithError(`The run ${run} left no events.`, { hint: 'kith runs lists the others.' });
  const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string };
  const report = await gather(project, story, version);
  if (format === 'json') {
    const { pictures, ...data } = report;
    const text = `${JSON.stringify({ ...data, pictures: pictures.map(({ bytes: _, ...picture }) => picture) })}\n`;
    if (out === undefined) terminal.out(text);
    else writeFileSync(resolve(terminal.cwd, out), text);
    return 0;
  }
  const file = resolve(terminal.cwd, out ?? `report-${run}.html`);
  const text = page(report);
  writeFileSync(file, text);
  terminal.out(`report: ${relative(terminal.cwd, file)} (${bytes(Buffer.byteLength(text))})\n`);
  return 0;
}
