// `kith why <node>`: every leaf of its key that changed, old → new; or what makes it cached. `kith why <run> <run>`: the same between two runs.
import { acceptedIn } from '../report/accepted.ts';
import { KithError } from '../errors.ts';
import type { Accepted } from '../events.ts';
import { inWords } from '../key.ts';
import { findNode, planProject } from '../project.ts';
import { count, duration } from '../report/format.ts';
import { openSelected } from './select.ts';
import type { RunFlags } from './run.ts';
import type { Terminal } from './terminal.ts';
import { forPrograms, readTwoRuns, type TwoRuns } from './two-runs.ts';

export async function whyCommand(names: readonly string[], flags: RunFlags, terminal: Terminal): Promise<number> {
  if (names.length > 2)
    throw new KithError('kith why takes one node, or two runs.', { hint: 'kith runs lists the runs, kith status the nodes.', exitCode: 2 });
  return names.length === 2 ? whyRuns(names, flags, terminal) : whyNode(names[0]!, flags, terminal);
}

async function whyNode(name: string, flags: RunFlags, terminal: Terminal): Promise<number> {
  const project = await openSelected(flags.pipeline, flags, terminal);
  const node = findNode(project, name);
  const { plan, knowledge } = planProject(project, [node.name]);
  const { shown, record } = plan.get(node.name)!;
  const causes = [...plan.values()].filter((other) => other.shown.state === 'stale' && other.node.name !== name);
  if (flags.json) {
    terminal.out(`${JSON.stringify({ ...shown, causes: causes.map((cause) => cause.shown), leaves: knowledge.leaves(node) })}\n`);
    return 0;
  }
  const lines = [`${node.name} is ${shown.state}.`];
  if (record) lines.push(`  Made ${new Date(record.finished).toLocaleString()} in ${duration(record.seconds)}; key ${record.key}.`);
  const accepted = acceptedIn(record?.summary);
  if (accepted) lines.push(...acceptedLines(accepted));
  if (shown.reason && shown.state === 'stale')
    lines.push(
      ...(shown.reason.changes.length > 0 ? shown.reason.changes.map((change) => `  ${inWords(change)}`) : [`  ${shown.reason.text}`]),
    );
  if (shown.state === 'unknown') {
    lines.push(`  ${shown.reason!.text}:`);
    for (const cause of causes) lines.push(`  ${cause.node.name}: ${cause.shown.reason?.text ?? ''}`);
  }
  terminal.out(`${lines.join('\n')}\n`);
  return 0;
}

function acceptedLines({ node, from, when, changes }: Accepted): string[] {
  return [
    `  Accepted ${new Date(when).toLocaleString()} from the key ${from}, although`,
    ...changes.map((change) => `    ${inWords(change)}`),
    `  Take it back: kith accept --undo ${node}`,
  ];
}

async function whyRuns(names: readonly string[], flags: RunFlags, terminal: Terminal): Promise<number> {
  const runs = readTwoRuns(names, { ...flags, pipeline: flags.pipeline ?? 'pipeline.ts' }, terminal);
  terminal.out(flags.json ? `${forPrograms(runs)}\n` : `${causesInWords(runs).join('\n')}\n`);
  return 0;
}

/** The nodes whose own leaves changed, leaf by leaf; then those that only follow, each with what it reads. */
function causesInWords({ first, second, differences }: TwoRuns): string[] {
  const of = `${differences.length} of ${count(second.nodes.length, 'node')}`;
  const head = `From ${first.run} to ${second.run}: ${differences.length === 0 ? 'nothing differs' : `${of} ${differences.length === 1 ? 'differs' : 'differ'}`}.`;
  const inputsOf = new Map(second.nodes.map(({ name, inputs }) => [name, inputs]));
  const differs = new Set(differences.flatMap(({ node, sameResult }) => (sameResult ? [] : node)));
  const lines = differences.flatMap(({ node, what, changes, sameResult }) => {
    const end = sameResult ? ['  and the same came out of it'] : [];
    if (what === 'own') return [node, ...changes.map((change) => `  ${inWords(change)}`), ...end];
    if (what === 'unknown') return [node, '  a key that it had is no longer in the cache: it did not finish, or was collected'];
    if (what !== 'follows') return [node, `  is ${what}`];
    return [node, `  follows from ${(inputsOf.get(node) ?? []).filter((input) => differs.has(input)).join(', ') || 'its inputs'}`, ...end];
  });
  return [head, ...lines];
}
