// `kith show <artifact>`: what it is (shapes, statistics, figures) and, for nodes that draw, its pictures and other files.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { describeArtifact, getArtifact } from '../../cache/artifact.ts';
import type { Plain } from '../../cache/array.ts';
import { parseRecord } from '../../cache/record.ts';
import type { Digest } from '../../cache/store.ts';
import { KithError } from '../errors.ts';
import { definitionsOf } from '../load.ts';
import { findNode, planProject, type Project } from '../project.ts';
import { count } from '../report/format.ts';
import { fieldFacts } from '../report/statistics.ts';
import { tableText } from '../report/table.ts';
import type { GraphNode } from '../graph.ts';
import { loadInputs } from '../workers/execute.ts';
import { openSelected } from './select.ts';
import type { RunFlags } from './run.ts';
import type { Terminal } from './terminal.ts';

export async function showCommand(name: string, flags: RunFlags & { readonly out: string }, terminal: Terminal): Promise<number> {
  const project = await openSelected(flags.pipeline, flags, terminal);
  const node = findNode(project, name);
  const { plan } = planProject(project, [node.name]);
  const { record, shown } = plan.get(node.name)!;
  const artifact = record && (await getArtifact(project.store, record.artifact as Digest));
  if (!artifact)
    throw new KithError(`"${name}" is not in the cache.`, {
      facts: [shown.reason?.text ?? 'Its blobs are damaged.'],
      hint: `Make it: kith run ${project.shown} ${name}`,
    });
  const fields = describeArtifact(artifact).map(fieldFacts);
  const { environment = {} } = parseRecord(project.store.getRecordSync(record.key), record.key) ?? {};
  const inputs = Object.fromEntries(
    Object.entries(node.inputs).map(([slot, input]) => [slot, plan.get(input)?.record?.artifact as Digest | undefined]),
  );
  const files = flags.json ? [] : await draw(project, node, artifact, inputs, resolve(terminal.cwd, flags.out));
  if (flags.json) {
    terminal.out(
      `${JSON.stringify({ name, kind: node.kind, artifact: record.artifact, key: record.key, ...shown.summary?.metrics, summary: shown.summary ?? null, environment, fields })}\n`,
    );
    return 0;
  }
  terminal.out(`${name}: ${shown.summary?.line ?? node.kind}\n`);
  if (Object.keys(environment).length > 0) terminal.out(`made on ${environmentText(environment)}\n`);
  terminal.out(
    `${tableText({ title: '', columns: ['field', 'dtype', 'shape', 'values'], rows: fields.map(({ field, dtype, shape, values }) => [field, dtype, shape, values]) }, { color: terminal.color })}\n`,
  );
  if (shown.summary?.table) terminal.out(`\n${tableText(shown.summary.table, { color: terminal.color })}\n`);
  for (const file of files) terminal.out(`${file.endsWith('.png') ? 'picture' : 'file'}: ${relative(terminal.cwd, file)}\n`);
  return 0;
}

/** As in `onnx (onnxruntime-node 1.30.0), 2 threads, node v20.9.0, linux-x64`. */
function environmentText(environment: { readonly [name: string]: Plain }): string {
  const { device = '', executor = device, library, threads, node, platform } = environment;
  const machine = library === undefined ? executor : `${executor as string} (${library as string})`;
  return [machine, typeof threads === 'number' ? count(threads, 'thread') : '', node ? `node ${node as string}` : '', platform]
    .filter(Boolean)
    .join(', ');
}

async function draw(
  project: Project,
  node: GraphNode,
  artifact: unknown,
  inputs: { readonly [slot: string]: Digest | undefined },
  folder: string,
): Promise<string[]> {
  const definition = (await definitionsOf(project.compiled.workFile)).get(node.kind);
  if (!definition?.draw) return [];
  const known = Object.fromEntries(Object.entries(inputs).filter((entry): entry is [string, Digest] => entry[1] !== undefined));
  const files = await definition.draw(artifact as never, (await loadInputs(definition, { inputs: known }, project.store)) as never);
  await mkdir(folder, { recursive: true });
  return Promise.all(
    files.map(async ({ name, extension = 'png', bytes }) => {
      const file = join(folder, `${name === undefined ? node.name : `${node.name}-${name}`}.${extension}`);
      await writeFile(file, bytes);
      return file;
    }),
  );
}
