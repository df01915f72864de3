// Handles → names, in an order in which inputs come first. Inputs are checked against definitions on the way.
import type { Handle } from './define-node.ts';
import { KithError } from './errors.ts';
import { isHandle, type Pipeline } from './pipeline.ts';
import { domainIn, startOf } from './sweep/domain.ts';

/** A handle with its name and the handles that it reads, by slot. */
export interface Named {
  readonly name: string;
  /** Params as given; where a domain stands, the value at which it starts. */
  readonly start: Handle['params'];
  readonly slots: { readonly [slot: string]: Handle };
}

/** Every handle of the pipeline, in an order in which inputs come first. Handles that were not named are called by their kind. */
export function nameHandles(pipeline: Pipeline): Map<Handle, Named> {
  // Once: to list ten thousand fields takes as long as all else that is done with them here.
  const roots = Object.entries(pipeline.nodes);
  const given = new Map<Handle, string>();
  for (const [name, handle] of roots) given.set(handle, name);
  let freeName: ReturnType<typeof namer> | undefined;
  const named = new Map<Handle, Named>();
  // Depth first, by a stack of our own: a chain of ten thousand nodes is deeper than the engine's.
  const trail: { readonly handle: Handle; readonly slots: Named['slots']; readonly rest: Handle[] }[] = [];
  const isOpen = new Set<Handle>();
  const finish = (handle: Handle, read: Named['slots']): void => {
    const name = given.get(handle) ?? (freeName ??= namer(given.values()))(handle.definition.kind);
    named.set(handle, { name, slots: read, start: started(handle.params) });
  };
  const enter = (handle: Handle): void => {
    const read = slots(handle);
    const rest = Object.values(read).filter((source) => !named.has(source));
    if (rest.length === 0) return finish(handle, read);
    isOpen.add(handle);
    trail.push({ handle, slots: read, rest: rest.reverse() });
  };
  for (const [, root] of roots) {
    if (!named.has(root)) enter(root);
    for (let at = trail.at(-1); at; at = trail.at(-1)) {
      const next = at.rest.pop();
      if (next === undefined) {
        const { handle } = trail.pop()!;
        isOpen.delete(handle);
        finish(handle, at.slots);
      } else if (isOpen.has(next)) {
        const open = trail.map(({ handle }) => handle);
        throw cycle([...open.slice(open.indexOf(next)), next], given);
      } else if (!named.has(next)) enter(next);
    }
  }
  return named;
}

function started(params: Handle['params']): Handle['params'] {
  const isSwept = Object.values(params).some((value) => domainIn(value) !== undefined);
  if (!isSwept) return params;
  return Object.fromEntries(
    Object.entries(params).map(([param, value]) => {
      const domain = domainIn(value);
      return [param, domain ? startOf(domain) : value];
    }),
  );
}

function cycle(trail: readonly Handle[], names: ReadonlyMap<Handle, string>): KithError {
  return new KithError('The pipeline has a cycle.', {
    facts: [trail.map((handle) => names.get(handle) ?? handle.definition.kind).join(' → ')],
    hint: 'A node cannot read its own result, not even through others.',
    exitCode: 2,
  });
}

/** Names for handles that have none: their kind, then `kind-2`, `kind-3` and so on. */
function namer(names: Iterable<string>): (kind: string) => string {
  const taken = new Set(names);
  const last = new Map<string, number>();
  return (kind) => {
    let number = last.get(kind) ?? 1;
    let name = number === 1 ? kind : `${kind}-${number}`;
    for (; taken.has(name); name = `${kind}-${number}`) number += 1;
    last.set(kind, number);
    taken.add(name);
    return name;
  };
}

/** The handles a handle reads, collections flattened to `slot.name`, checked against the definition. */
function slots(handle: Handle): Record<string, Handle> {
  const { kind, inputs: declared } = handle.definition;
  const found: Record<string, Handle> = {};
  for (const slot of Object.keys(handle.inputs)) {
    const given = handle.inputs[slot]!;
    const input = declared[slot];
    if (!input) throw wrong(`${kind} has no input "${slot}".`, `It takes ${Object.keys(declared).join(', ') || 'none'}.`);
    if (!input.many) {
      if (!isHandle(given)) throw wrong(`Input "${slot}" of ${kind} is not a node.`, 'Pass what a node function returns.');
      found[slot] = given;
      continue;
    }
    for (const [name, member] of Object.entries(given)) {
      if (!isHandle(member))
        throw wrong(`Input "${slot}.${name}" of ${kind} is not a node.`, 'Pass a record of what node functions return.');
      found[`${slot}.${name}`] = member;
    }
  }
  for (const slot of Object.keys(declared))
    if (!declared[slot]!.optional && !handle.inputs[slot])
      throw wrong(`${kind} needs the input "${slot}".`, `Pass it: ${kind}({ ${slot} }).`);
  return found;
}

const wrong = (headline: string, hint: string): KithError => new KithError(headline, { hint, exitCode: 2 });
