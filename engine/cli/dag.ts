// `kith dag`: the graph as indented text, as Mermaid, or as JSON.
import { topological } from '../graph.ts';
import { planProject } from '../project.ts';
import { openSelected } from './select.ts';
import type { Terminal } from './terminal.ts';

export async function dagCommand(
  file: string,
  { mermaid, json }: { readonly mermaid?: boolean; readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const project = await openSelected(file, { set: [] }, terminal);
  const nodes = topological(project.graph);
  const { plan } = planProject(project, []);
  const state = (name: string): string => plan.get(name)!.shown.state;
  if (json) {
    terminal.out(
      `${JSON.stringify({ nodes: nodes.map(({ name, kind, inputs, params }) => ({ name, kind, inputs, params, state: state(name) })) })}\n`,
    );
  } else if (mermaid) {
    const lines = nodes.flatMap(({ name, kind, inputs }) => [
      `  ${name}["${name === kind ? name : `${name}<br/><small>${kind}</small>`}"]:::${state(name)}`,
      ...[...new Set(Object.values(inputs))].map((source) => `  ${source} --> ${name}`),
    ]);
    terminal.out(`${['flowchart LR', ...lines, '  classDef cached opacity:0.5', '  classDef stale stroke-width:3px'].join('\n')}\n`);
  } else {
    terminal.out(`${drawing(nodes.map(({ name, inputs }) => ({ name, inputs: [...new Set(Object.values(inputs))] }))).join('\n')}\n`);
  }
  return 0;
}

/** One line a node, in order, with a column for every result that is still to be read: `●` makes it, `├` reads it, `╰` reads it last. */
export function drawing(nodes: readonly { readonly name: string; readonly inputs: readonly string[] }[]): string[] {
  const lastReader = new Map(nodes.flatMap(({ name, inputs }) => inputs.map((input) => [input, name] as const)));
  const columns: (string | undefined)[] = [];
  const width = Math.max(...nodes.map(({ name }) => name.length));
  const lines = nodes.map(({ name, inputs }) => {
    let cells: string[] = columns.map((open) =>
      open === undefined ? ' ' : inputs.includes(open) ? (lastReader.get(open) === name ? '╰' : '├') : '│',
    );
    columns.forEach((open, at) => {
      if (open !== undefined && lastReader.get(open) === name) columns[at] = undefined;
    });
    if (lastReader.has(name)) {
      const gap = columns.findIndex((open, at) => open === undefined && cells[at] === ' ');
      const at = gap < 0 ? columns.length : gap;
      columns[at] = name;
      cells[at] = '●';
    } else cells = [...cells, '●'];
    return { name, cells: cells.join(' '), inputs };
  });
  const graph = Math.max(...lines.map(({ cells }) => cells.length));
  return lines.map(({ name, cells, inputs }) =>
    `${cells.padEnd(graph)}  ${name.padEnd(width)}${inputs.length > 0 ? `  ← ${inputs.join(', ')}` : ''}`.trimEnd(),
  );
}
