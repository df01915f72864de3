// A DAG: a box a node with a line below its name, laid out from left to right.
import dagre from '@dagrejs/dagre';
import type { NodeState } from '../../events.ts';
import { html, type Markup } from './markup.ts';

const [CELL, HEIGHT, LEAST] = [8.2, 44, 90];

/** What still reads well: narrower screens scroll. */
const SMALLEST = 0.55;

/** More nodes than this are no picture any more. */
const MOST = 150;

/** A node as it is drawn. */
export interface Drawn {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly state: NodeState | 'waiting';
  /** Below its name. */
  readonly under: string;
  /** When pointed at. */
  readonly about: string;
}

export function dagPicture(nodes: readonly Drawn[]): Markup {
  if (nodes.length > MOST) return html`<p>The graph has ${nodes.length} nodes: too many to draw.</p>`;
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 40, marginx: 8, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.name, { width: Math.max(LEAST, 24 + CELL * longest(node)), height: HEIGHT });
  for (const { name, inputs } of nodes) for (const input of inputs) graph.setEdge(input, name);
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return html`<div class="scroll">
    <svg
      style="width:100%;min-width:${Math.round(width * SMALLEST)}px;max-width:${Math.round(width)}px"
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="the graph of nodes"
    >
      ${graph.edges().map((edge: { readonly v: string; readonly w: string }) => html`<path class="edge" d="${path(graph.edge(edge)['points'] as readonly Point[])}" />`)}
      ${nodes.map((node) => box(node, graph.node(node.name) as Box))}
    </svg>
  </div>`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

const longest = ({ name, under }: Drawn): number => Math.max(name.length, under.length);

function box(node: Drawn, { x, y, width, height }: Box): Markup {
  return html`<g>
    <title>${node.name}: ${node.about}</title>
    <rect class="node ${node.state}" x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" rx="7" />
    <text class="name" x="${x}" y="${y - 3}" text-anchor="middle">${node.name}</text>
    <text x="${x}" y="${y + 14}" text-anchor="middle">${node.under}</text>
  </g>`;
}

/** A smooth line through the points: quadratic curves that meet halfway between them. */
function path(points: readonly Point[]): string {
  const [first, ...rest] = points as [Point, ...Point[]];
  const at = ({ x, y }: Point): string => `${x.toFixed(1)},${y.toFixed(1)}`;
  const halfway = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const curves = rest
    .slice(0, -1)
    .map((point, i) => `Q${at(point)} ${at(i === rest.length - 2 ? rest.at(-1)! : halfway(point, rest[i + 1]!))}`);
  return `M${at(first)} ${curves.join(' ')} L${at(rest.at(-1)!)}`;
}
