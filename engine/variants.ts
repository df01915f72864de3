// Variants beside each other: the params that vary and the figures that came of them.
import type { Summary, Table } from './events.ts';
import { figureOf } from './figure.ts';
import type { Variant } from './graph.ts';

/**
 * One row a variant, one column a varied param and a metric of the pipeline's last node with metrics. Where only the seed varies, mean and
 * deviation come after. Undefined for a single variant.
 */
export function variantTable(variants: readonly Variant[], summaryOf: (node: string) => Summary | undefined): Table | undefined {
  if (variants.length < 2) return undefined;
  const paths = [...new Set(variants.flatMap(({ overrides }) => Object.keys(overrides)))];
  const node = Object.keys(variants[0]!.names).findLast((name) => variants.some(({ names }) => summaryOf(names[name]!)?.metrics));
  const metricsOf = ({ names }: Variant): { readonly [metric: string]: number } => (node && summaryOf(names[node]!)?.metrics) || {};
  const metrics = [...new Set(variants.flatMap((variant) => Object.keys(metricsOf(variant))))];
  const figures = metrics.map((metric) => figureOf(variants.flatMap((variant) => metricsOf(variant)[metric] ?? []))!);
  const repeated =
    paths.length === 1 && paths[0] === 'seed'
      ? [
          ['mean', ...figures.map(({ mean }) => mean)],
          ['deviation', ...figures.map(({ deviation }) => deviation)],
        ]
      : [];
  return {
    title: node ? `${variants.length} variants, figures of "${node}"` : `${variants.length} variants`,
    columns: [...paths, ...metrics],
    rows: [
      ...variants.map((variant) => [
        ...paths.map((path) => JSON.stringify(variant.overrides[path])),
        ...metrics.map((metric) => metricsOf(variant)[metric] ?? 'failed'),
      ]),
      ...repeated,
    ],
  };
}
