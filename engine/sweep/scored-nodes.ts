// The nodes of a pipeline as the choice of an objective sees them.
import { ancestors } from '../graph.ts';
import type { Project } from '../project.ts';
import type { Scored } from './objective.ts';

/** In the order of the pipeline, with what they read. */
export function scoredNodes({ pipeline, graph, variants: [variant] }: Pick<Project, 'pipeline' | 'graph' | 'variants'>): Scored[] {
  return Object.entries(pipeline.nodes).map(([name, { definition }]) => {
    const full = variant!.names[name]!;
    return { name, definition, ancestors: new Set([...ancestors(graph, [full])].filter((each) => each !== full)) };
  });
}
