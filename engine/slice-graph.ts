// Digests of a graph of declarations in which names and order play no part: a declaration's digest covers what it says and, through
// references, all that it reaches. Declarations that reach each other (recursion) are digested as one unit.
import { hash } from 'node:crypto';

/** A declaration: what it says by itself, and what it refers to. */
export interface Vertex {
  /** Digest of the declaration alone. */
  readonly own: string;
  /** Indices of the vertices it refers to; the order counts. */
  readonly refers: readonly number[];
}

/** 128 bits of SHA-256 over texts, each told apart from its neighbours. */
export function digestOf(texts: readonly string[]): string {
  return hash('sha256', JSON.stringify(texts), 'hex').slice(0, 32);
}

/**
 * One digest a vertex. A component of n vertices is refined 2n times from its vertices' own digests, each round taking in the digests
 * that the round before gave to their references: vertices with equal digests then unfold to the same infinite tree, so that neither
 * names nor the order in which the component was found can show (partition refinement, Hopcroft 1971, by hashing).
 */
export function merkle(vertices: readonly Vertex[]): string[] {
  const digests: string[] = [];
  for (const component of components(vertices)) {
    const [first] = component;
    const alone = component.length === 1 && !vertices[first!]!.refers.includes(first!);
    const rounds = alone ? 1 : 2 * component.length;
    for (const member of component) digests[member] = '';
    for (let round = 0; round < rounds; round++) {
      const next = component.map((member) => {
        const { own, refers } = vertices[member]!;
        return digestOf([own, String(component.length), ...refers.map((reference) => digests[reference]!)]);
      });
      component.forEach((member, place) => (digests[member] = next[place]!));
    }
  }
  return digests;
}

/** Everything reached from one vertex, itself included. */
export function reached(vertices: readonly Vertex[], from: number): Set<number> {
  const seen = new Set([from]);
  for (const vertex of seen) for (const reference of vertices[vertex]!.refers) seen.add(reference);
  return seen;
}

/** Strongly connected components, those referred to before those that refer (Tarjan 1972, without recursion). */
export function components(vertices: readonly Vertex[]): number[][] {
  const [order, low]: [number[], number[]] = [[], []];
  const [stack, found]: [number[], number[][]] = [[], []];
  const waiting = new Set<number>();
  let counter = 0;
  const visit = (root: number): void => {
    const trail: { readonly vertex: number; next: number }[] = [];
    const enter = (vertex: number): void => {
      order[vertex] = low[vertex] = counter++;
      stack.push(vertex);
      waiting.add(vertex);
      trail.push({ vertex, next: 0 });
    };
    enter(root);
    for (let top = trail.at(-1); top; top = trail.at(-1)) {
      const { vertex } = top;
      const reference = vertices[vertex]!.refers[top.next++];
      if (reference !== undefined) {
        if (order[reference] === undefined) enter(reference);
        else if (waiting.has(reference)) low[vertex] = Math.min(low[vertex]!, order[reference]);
        continue;
      }
      trail.pop();
      const parent = trail.at(-1)?.vertex;
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[vertex]!);
      if (low[vertex] !== order[vertex]) continue;
      const component = stack.splice(stack.indexOf(vertex));
      for (const member of component) waiting.delete(member);
      found.push(component);
    }
  };
  for (let vertex = 0; vertex < vertices.length; vertex++) if (order[vertex] === undefined) visit(vertex);
  return found;
}
