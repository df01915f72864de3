// A user's word that a new key stands for an old one: the result that was made under the old key is recorded under the new one, for this node
// and this pair of keys alone, and says so wherever it is used. Nothing is made and nothing is lost; it can be taken back.
import { isComplete, parseRecord, recordFrom, type ActionRecord } from '../cache/record.ts';
import type { Key } from '../cache/store.ts';
import { KithError } from './errors.ts';
import type { Accepted } from './events.ts';
import { readableKey } from './key.ts';
import { inputsOf, type Knowledge, type Planned } from './plan.ts';
import { findNode, planProject, type Project } from './project.ts';
import { acceptedIn } from './report/accepted.ts';

/** What was recorded or taken back. */
export interface Acceptance extends Accepted {
  /** The key that the result now stands under. */
  readonly key: Key;
}

/** Records that the node's last result is good for its present key. Throws a KithError (exit code 2) where there is nothing to accept. */
export async function accept(project: Project, name: string, when: number): Promise<Acceptance> {
  const { plan, knowledge } = planProject(project, [findNode(project, name).name]);
  const planned = plan.get(name)!;
  const old = lastResult(project, planned, knowledge);
  const { node, predicted, shown } = planned;
  const leaves = knowledge.leaves(node);
  const key = planned.resolved!;
  const readable = {
    key: readableKey(
      node,
      leaves,
      inputsOf(node, plan, ({ record }) => record!.artifact),
    ),
    parts: leaves.code.parts,
  };
  const accepted: Accepted = { node: name, from: old.key, when, changes: shown.reason!.changes };
  const record = recordFrom({ ...old, key, predicted, node: name, readable, summary: { ...(old.summary as object), accepted } });
  await project.store.putRecord(key, record);
  if (predicted !== key) await project.store.putRecord(predicted, { schema: record.schema, resolved: key });
  return { ...accepted, key };
}

/** Takes it back: the node is as stale as it was. Throws a KithError (exit code 2) where its present key was not accepted. */
export async function takeBack(project: Project, name: string): Promise<Acceptance> {
  const { plan } = planProject(project, [findNode(project, name).name]);
  const { node, record, predicted } = plan.get(name)!;
  const accepted = acceptedIn(record?.summary);
  if (!record || !accepted)
    throw wrong(`"${name}" stands on no acceptance.`, [`It is ${plan.get(name)!.shown.state}.`], 'kith status shows what was accepted.');
  if (predicted !== record.key) await project.store.deleteRecord(predicted);
  await project.store.deleteRecord(record.key);
  const from = accepted.from as Key;
  const old = parseRecord(project.store.getRecordSync(from), from);
  if (old) {
    const { key, parts } = old.readable as unknown as Last;
    project.history.remember({
      node,
      predicted: old.predicted,
      key: from,
      readable: () => key,
      code: { digest: key.code, parts },
      seconds: old.seconds,
    });
    project.history.save();
  }
  return { ...accepted, key: record.key };
}

type Last = NonNullable<ReturnType<Knowledge['last']>>;

/** The complete result that the node had before its key changed. */
function lastResult({ store, shown: file }: Project, { node, shown }: Planned, { last: lastOf }: Knowledge): ActionRecord {
  const { name } = node;
  if (shown.state === 'cached')
    throw wrong(`There is nothing to accept: "${name}" is cached.`, [], `kith why ${name} says how it came about.`);
  if (shown.state === 'unknown')
    throw wrong(
      `What "${name}" reads is not known yet, so its key is not.`,
      [`It is ${shown.reason!.text}.`],
      'Accept or run those first.',
    );
  const last = lastOf(name);
  const record = last && parseRecord(store.getRecordSync(last.resolved), last.resolved);
  if (shown.reason!.why === 'changed' && record && isComplete(store, record)) return record;
  const fact = shown.reason!.why === 'changed' ? 'its last result is no longer in the cache' : shown.reason!.text;
  throw wrong(`"${name}" has no result that could be accepted.`, [`It is stale: ${fact}.`], `Run it: kith run ${file} ${name}`);
}

function wrong(headline: string, facts: readonly string[], hint: string): KithError {
  return new KithError(headline, { facts, hint, exitCode: 2 });
}
