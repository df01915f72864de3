// Writes TensorFlow's GraphDef: nodes, attributes, constants, as protobuf. Knows the file format and nothing of traces.
import protobuf from 'protobufjs/light.js';
import type { TensorDType } from '../executor.ts';

/** TensorFlow's element types. */
export const TYPE = { float32: 1, int32: 3, uint8: 4, bool: 10, bfloat16: 14 } as const;
export type Element = keyof typeof TYPE;

/** The element type of a trace's dtype. */
export const elementOf = (dtype: TensorDType): Element => dtype;

/** An attribute. Numbers are whole unless written as `{ float }`: TensorFlow distinguishes, and so must the writer. */
export type Attribute =
  | number
  | boolean
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly type: Element }
  | { readonly shape: readonly number[] };

export type Attributes = { readonly [name: string]: Attribute };

/** Collects a graph; `finish` gives the bytes. Outputs are called `node` (the first), `node:1`, …; `^node` only orders. */
export interface GraphWriter {
  /** Nodes written from now on are called `scope/Operator`: TensorFlow's messages name them. */
  scope(name: string): void;
  /** Adds a node of an operator, or finds the same one, and returns its name. */
  node(operator: string, inputs: readonly string[], attributes?: Attributes): string;
  /** Adds a node under a name of the caller's choice: what a session feeds, fetches and runs. */
  named(name: string, operator: string, inputs: readonly string[], attributes?: Attributes): string;
  /** A constant; equal small ones are written once. */
  constant(element: Element, shape: readonly number[], data: ArrayLike<number>): string;
  /** A list of whole numbers (32-bit), as shapes and axes are given. */
  list(values: readonly number[]): string;
  /** A whole number (32-bit). */
  whole(value: number): string;
  finish(): Uint8Array;
}

/**
 * The version of the format that is written here, TensorFlow 2.8's: libraries of any later version read it, and those from 2.3 on, since no
 * operator used here is newer.
 */
const PRODUCER = 987;

/** Constants of more elements are not compared with others. */
const SMALL = 64;

export function createGraph(): GraphWriter {
  const nodes: object[] = [];
  const known = new Map<string, string>();
  const taken = new Map<string, number>();
  let scope = '';

  const write = (name: string, operator: string, inputs: readonly string[], attributes: object): string => {
    nodes.push({ name, op: operator, input: inputs, attr: attributes });
    return name;
  };
  const fresh = (operator: string): string => {
    const name = scope === '' ? operator : `${scope}/${operator}`;
    const count = taken.get(name) ?? 0;
    taken.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  };
  const once = (key: string, make: () => string): string => {
    const made = known.get(key) ?? make();
    known.set(key, made);
    return made;
  };

  const graph: GraphWriter = {
    scope: (name) => void (scope = name),
    node: (operator, inputs, attributes = {}) =>
      once(JSON.stringify([operator, inputs, attributes]), () => write(fresh(operator), operator, inputs, encoded(attributes))),
    named: (name, operator, inputs, attributes = {}) => write(name, operator, inputs, encoded(attributes)),
    constant(element, shape, data) {
      const make = (): string => {
        const tensor = { dtype: TYPE[element], tensorShape: shapeOf(shape), tensorContent: raw(element, data) };
        return write(fresh('Const'), 'Const', [], { ...encoded({ dtype: { type: element } }), value: { tensor } });
      };
      return data.length > SMALL ? make() : once(`${element} [${shape}] ${Array.from(data, text)}`, make);
    },
    list: (values) => graph.constant('int32', [values.length], values),
    whole: (value) => graph.constant('int32', [], [value]),
    finish: () =>
      schema()
        .GraphDef.encode({ node: nodes, versions: { producer: PRODUCER } } as never)
        .finish(),
  };
  return graph;
}

/** −0 and 0 are two numbers. */
const text = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

function raw(element: Element, data: ArrayLike<number>): Uint8Array {
  const array = element === 'float32' ? Float32Array.from(data) : element === 'int32' ? Int32Array.from(data) : Uint8Array.from(data);
  return new Uint8Array(array.buffer);
}

const shapeOf = (sides: readonly number[]): object => ({ dim: sides.map((size) => ({ size })) });

const encoded = (attributes: Attributes): object =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attribute(value)]));

function attribute(value: Attribute): object {
  if (typeof value === 'number') return { i: value };
  if (typeof value === 'boolean') return { b: value };
  if (typeof value === 'string') return { s: Buffer.from(value) };
  if ('float' in value) return { f: value.float };
  if ('type' in value) return { type: TYPE[value.type] };
  if ('shape' in value) return { shape: shapeOf(value.shape) };
  return { list: { i: value } };
}

let loaded: { readonly GraphDef: protobuf.Type } | undefined;

/** The parts of graph.proto, node_def.proto, attr_value.proto and tensor.proto (TensorFlow 2, Apache-2.0) that are written here. */
function schema(): { readonly GraphDef: protobuf.Type } {
  if (loaded) return loaded;
  const field = (type: string, id: number, rule?: 'repeated'): object => ({ type, id, ...(rule ? { rule } : {}) });
  const root = protobuf.Root.fromJSON({
    nested: {
      Dim: { fields: { size: field('int64', 1) } },
      TensorShapeProto: { fields: { dim: field('Dim', 2, 'repeated') } },
      TensorProto: { fields: { dtype: field('int32', 1), tensorShape: field('TensorShapeProto', 2), tensorContent: field('bytes', 4) } },
      ListValue: { fields: { i: field('int64', 3, 'repeated') } },
      AttrValue: {
        oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
        fields: {
          list: field('ListValue', 1),
          s: field('bytes', 2),
          i: field('int64', 3),
          f: field('float', 4),
          b: field('bool', 5),
          type: field('int32', 6),
          shape: field('TensorShapeProto', 7),
          tensor: field('TensorProto', 8),
        },
      },
      NodeDef: {
        fields: {
          name: field('string', 1),
          op: field('string', 2),
          input: field('string', 3, 'repeated'),
          attr: { keyType: 'string', type: 'AttrValue', id: 5 },
        },
      },
      VersionDef: { fields: { producer: field('int32', 1) } },
      GraphDef: { fields: { node: field('NodeDef', 1, 'repeated'), versions: field('VersionDef', 4) } },
    },
  } as never);
  loaded = { GraphDef: root.lookupType('GraphDef') };
  return loaded;
}
