// What a sweep looks for: a figure of a node, and which way is better. Says where the answer must not be trusted.
import type { Definition } from '../define-node.ts';
import { KithError } from '../errors.ts';
import { nearest } from '../nearest.ts';

export interface Objective {
  readonly node: string;
  readonly metric: string;
  readonly goal: 'min' | 'max';
}

/** What a figure of a node means. */
export interface Metric {
  /** Which way is better. */
  readonly goal: 'min' | 'max';
  /** Whether labels were read for it. */
  readonly labels?: boolean;
  /** Params of the node that change what the figure means: with another value it cannot be compared. */
  readonly scale?: readonly string[];
}

/** What the choice of an objective needs to know of a node of the pipeline. */
export interface Scored {
  readonly name: string;
  readonly definition: Pick<Definition, 'kind' | 'metrics'>;
  /** Everything it reads, directly or not. */
  readonly ancestors: ReadonlySet<string>;
}

/**
 * The objective that a user typed, `clusters.loss`, with `-` before it or not to turn its goal round; where nothing is typed, the last figure
 * of the pipeline for which no label is read. Throws a KithError (exit code 2) for figures that no node has.
 */
export function chooseObjective(nodes: readonly Scored[], typed?: string, goal?: Objective['goal']): Objective {
  const all = nodes.flatMap(({ name, definition: { metrics = {} } }) =>
    Object.entries(metrics).map(([metric, what]) => ({ node: name, metric, ...what })),
  );
  const chosen =
    typed === undefined
      ? all.findLast(({ labels }) => !labels)
      : all.findLast(({ node, metric }) => [`${node}.${metric}`, metric].includes(typed));
  if (chosen) return { node: chosen.node, metric: chosen.metric, goal: goal ?? chosen.goal };
  const names = all.map(({ node, metric }) => `${node}.${metric}`);
  const [node, metric] = (typed ?? '').split('.');
  if (metric !== undefined && goal !== undefined && nodes.some(({ name }) => name === node)) return { node: node!, metric, goal };
  const near = typed && nearest(typed, names);
  throw new KithError(
    typed === undefined ? 'No figure of this pipeline is known to be free of labels.' : `There is no figure "${typed}" to look for.`,
    {
      hint: near
        ? `Did you mean "${near}"?`
        : `Name one: --objective ${names[0] ?? 'node.metric --goal max'}${names.length > 1 ? ` (or ${names.slice(1).join(', ')})` : ''}.`,
      exitCode: 2,
    },
  );
}

/** Sentences on what the objective cannot tell, given the params that vary. */
export function cautions(nodes: readonly Scored[], { node, metric }: Objective, varied: readonly string[]): string[] {
  const found = nodes.find(({ name }) => name === node);
  const meaning = found?.definition.metrics?.[metric];
  if (!found || !meaning) return [];
  if (meaning.labels) {
    return [`${node}.${metric} reads labels: the best trial is the best by those labels, and its figure on the same images is too good.`];
  }
  const upstream = varied.filter((path) => found.ancestors.has(path.split('.')[0]!));
  const own = varied.filter((path) => (meaning.scale ?? []).some((param) => path === `${node}.${param}`));
  const incomparable = [...upstream, ...own];
  if (incomparable.length === 0) return [];
  return [
    `${node}.${metric} cannot choose ${incomparable.join(', ')}: it is measured on what ${incomparable.length > 1 ? 'they change' : 'it changes'}, so that its values cannot be compared.`,
  ];
}
