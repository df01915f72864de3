// `kith verify`: reads the whole cache again, and says what is damaged; with `--rerun`, executes some of its nodes again, and says which of them
// do not give the same result twice.
import { verifyCache, type Damage, type Verified } from '../../cache/verify.ts';
import type { FieldDifference } from '../artifact-difference.ts';
import { KithError } from '../errors.ts';
import { bytes, count, decimals, duration, number } from '../report/format.ts';
import { failureText } from '../report/failure.ts';
import { tableText } from '../report/table.ts';
import type { Rerun, Reruns, Sample } from '../rerun.ts';
import { createPool } from '../workers/pool.ts';
import { Interrupted } from '../workers/protocol.ts';
import { selectedCache, type CacheFlags } from './cache-folder.ts';
import { openSelected } from './select.ts';
import type { Terminal } from './terminal.ts';

export interface VerifyFlags extends CacheFlags {
  readonly set: readonly string[];
  readonly rerun?: string;
  readonly seed: number;
}

/** The exit code is 1 where something was damaged, or a node gave another result or none. */
export async function verifyCommand(flags: VerifyFlags, terminal: Terminal): Promise<number> {
  const sample = flags.rerun === undefined ? undefined : sampleOf(flags.rerun);
  const folder = selectedCache(flags, terminal);
  const verified = await verifyCache(folder);
  if (!flags.json) terminal.out(`${inWords(verified).join('\n')}\n`);
  const reruns = sample && (await rerunSample(sample, flags, terminal));
  if (reruns === 'interrupted') return 130;
  if (flags.json)
    terminal.out(`${JSON.stringify({ cache: folder, ...verified, ...(reruns ? { rerun: { seed: flags.seed, ...reruns } } : {}) })}\n`);
  else if (reruns) terminal.out(`${rerunsInWords(reruns, flags.seed, terminal).join('\n')}\n`);
  return verified.damaged.length > 0 || (reruns?.nodes ?? []).some((each) => !isSame(each)) ? 1 : 0;
}

/** `3`, `10%`, `all`. Throws a KithError (exit code 2) for anything else. */
function sampleOf(text: string): Sample {
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  const value = Number(amount);
  if (text.trim() === 'all') return { share: 1 };
  if (percent && value > 0 && value <= 100) return { share: value / 100 };
  if (amount !== undefined && !percent && Number.isInteger(value) && value > 0) return { count: value };
  throw new KithError(`--rerun ${text} is not a sample.`, { hint: 'Say how many nodes (3), a share of them (10%), or all.', exitCode: 2 });
}

async function rerunSample(sample: Sample, flags: VerifyFlags, terminal: Terminal): Promise<Reruns | 'interrupted'> {
  const project = await openSelected(flags.pipeline, flags, terminal);
  const { rerun } = await import('../rerun.ts');
  const stop = new AbortController();
  const pool = createPool(terminal.worker);
  const forget = terminal.onInterrupt(() => {
    stop.abort();
    void pool.close(); // Nothing is saved that could be gone on with.
  });
  const onNode = (node: string, at: number, of: number): void => {
    if (!flags.json) terminal.err(`Executing ${node} again (${at + 1} of ${of}).\n`);
  };
  try {
    return await rerun(project, { sample, seed: flags.seed, runner: pool, signal: stop.signal, onNode });
  } catch (error) {
    if (error instanceof Interrupted) return 'interrupted';
    throw error;
  } finally {
    await pool.close();
    forget();
  }
}

const isSame = ({ differences, failure }: Rerun): boolean => differences.length === 0 && failure === undefined;

function inWords({ records, blobs, bytes: size, damaged, incomplete }: Verified): string[] {
  const read = `Read ${count(records, 'record')} and ${count(blobs, 'blob')}, ${bytes(size)}`;
  const lines =
    damaged.length === 0 ? [`${read}: all of them are sound.`] : [`${read}: ${damaged.length} damaged.`, ...damaged.map(damageLine)];
  if (incomplete.length > 0)
    lines.push(
      `Not usable without their blobs: ${incomplete.map(({ node, key }) => `${node} (${key})`).join(', ')}. The next run that needs them makes them again.`,
    );
  return lines;
}

const damageLine = ({ text, nodes }: Damage): string => `  ${text}${nodes.length > 0 ? `; part of ${nodes.join(', ')}` : ''}`;

function rerunsInWords({ of, nodes }: Reruns, seed: number, { color }: Terminal): string[] {
  if (nodes.length === 0) return ['No node is cached together with what it reads: there is nothing to execute again.'];
  const columns = ['node', 'took', 'before', 'result'];
  const rows = nodes.map((each) => [each.node, duration(each.seconds), duration(each.before), verdict(each)]);
  const differing = nodes.filter(({ differences }) => differences.length > 0);
  const head = `Executed ${nodes.length} of ${count(of, 'cached node')} again (seed ${seed}): ${verdicts(nodes)}.`;
  const details = differing.length > 0 ? ['', differencesTable(differing, color)] : [];
  const failures = nodes.flatMap(({ failure }) => (failure ? ['', failureText(failure, { color })] : []));
  return [head, '', tableText({ title: '', columns, rows }, { color }), ...details, ...failures];
}

function verdicts(nodes: readonly Rerun[]): string {
  const same = nodes.filter(isSame).length;
  const failed = nodes.filter(({ failure }) => failure).length;
  const differing = nodes.length - same - failed;
  if (same === nodes.length) return same === 1 ? 'it gave the same bytes' : 'all gave the same bytes';
  const others = [differing > 0 ? `${differing} did not` : '', failed > 0 ? `${failed} failed` : ''].filter(Boolean);
  return `${same} gave the same bytes, ${others.join(', ')}`;
}

const verdict = ({ differences, failure }: Rerun): string =>
  failure
    ? 'failed'
    : differences.length === 0
      ? 'the same bytes'
      : `NOT DETERMINISTIC: not the same in ${count(differences.length, 'field')}`;

function differencesTable(nodes: readonly Rerun[], color: boolean): string {
  const columns = ['node', 'field', 'elements that differ', 'greatest |a − b|', 'relative'];
  const rows = nodes.flatMap(({ node, differences }) => differences.map((each) => [node, each.field, ...amounts(each)]));
  return tableText({ title: '', columns, rows }, { color });
}

function amounts({ elements, greatest = NaN, relative = NaN, text = '' }: FieldDifference): string[] {
  if (!elements) return [text, '', ''];
  const share = `${number(elements.differ)} of ${number(elements.of)} (${decimals((100 * elements.differ) / elements.of, 1)} %)`;
  return [share, greatest.toPrecision(2), relative.toPrecision(2)];
}
