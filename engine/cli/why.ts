// `kith why <node>`: every leaf of its key that changed, old → new; or what makes it cached.
import { inWords } from '../key.ts';
import { findNode, planProject } from '../project.ts';
import { duration } from '../report/format.ts';
import { openSelected } from './select.ts';
import type { RunFlags } from './run.ts';
import type { Terminal } from './terminal.ts';

export async function whyCommand(name: string, flags: RunFlags, terminal: Terminal): Promise<number> {
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
