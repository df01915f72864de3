// What past runs set and reached: params from the records of their nodes, figures from their events. A run of variants is as many experiments.
import { parseRecord } from '../../cache/record.ts';
import type { Key } from '../../cache/store.ts';
import type { Plain } from '../../cache/array.ts';
import type { NodeStory, Story } from '../report/story.ts';
import type { Entry } from './comparison.ts';

/** One entry a variant of the run. Params of nodes whose record is gone are unknown. */
export function entriesOf(story: Story, store: { getRecordSync(key: Key): unknown }): Entry[] {
  const byName = new Map(story.nodes.map((node) => [node.name, node]));
  const variants = story.variants ?? [Object.fromEntries(story.nodes.map(({ name }) => [name, name]))];
  return variants.map((names, at) => {
    const nodes = Object.entries(names).flatMap(([name, full]) => {
      const node = byName.get(full);
      return node ? [[name, node] as const] : [];
    });
    return {
      label: variants.length > 1 ? `${story.run}#${at + 1}` : story.run,
      params: Object.assign({}, ...nodes.map(([name, node]) => paramsOf(name, node, store))) as Entry['params'],
      metrics: Object.assign({}, ...nodes.map(([name, node]) => metricsOf(name, node))) as Entry['metrics'],
    };
  });
}

function paramsOf(name: string, { key }: NodeStory, store: { getRecordSync(key: Key): unknown }): { [path: string]: Plain } {
  const record = parseRecord(store.getRecordSync(key as Key), key as Key);
  if (!record) return {};
  const { params, seed } = record.readable.key as unknown as {
    readonly params: { readonly [param: string]: Plain };
    readonly seed: number;
  };
  const own = Object.fromEntries(Object.entries(params).map(([param, value]) => [`${name}.${param}`, value]));
  return seed === 0 ? own : { ...own, seed };
}

const metricsOf = (name: string, { summary }: NodeStory): { [path: string]: number } =>
  Object.fromEntries(Object.entries(summary?.metrics ?? {}).map(([metric, value]) => [`${name}.${metric}`, value]));
