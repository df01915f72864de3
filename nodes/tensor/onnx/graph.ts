// Writes ONNX models: nodes, constants, inputs, outputs, as protobuf. Knows the file format and nothing of traces.
import protobuf from 'protobufjs/light.js';
import type { TensorDType } from '../executor.ts';

/** ONNX element types. */
export const ELEMENT = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;
export type Element = keyof typeof ELEMENT;

/** The element type of a trace's dtype. */
export const elementOf = (dtype: TensorDType): Element => dtype;

/** An attribute: a number with a fraction is written as `{ float }`, since ONNX distinguishes. */
export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = { readonly [name: string]: Attribute };

export interface Port {
  readonly name: string;
  readonly element: Element;
  /** A name stands for a side that is known only when the model runs. */
  readonly shape: readonly (number | string)[];
}

/** Collects a graph; `finish` gives the model's bytes. */
export interface GraphWriter {
  /** Adds a node and returns the names of its outputs. */
  nodes(operator: string, inputs: readonly string[], attributes: Attributes, outputs: number, domain?: string): string[];
  /** Adds a node of one output and returns its name. */
  node(operator: string, inputs: readonly string[], attributes?: Attributes, domain?: string): string;
  /** Whether a name is a node's output: neither an input nor a constant. */
  isMade(name: string): boolean;
  /** Gives a value a name of the caller's choice as well. */
  alias(of: string, name: string): void;
  /** A constant; equal small ones are written once. */
  constant(element: Element, shape: readonly number[], data: ArrayLike<number>): string;
  /** A long list of row numbers (32-bit), computed and written once for each key. */
  index(key: string, make: () => readonly number[]): string;
  /** A list of 64-bit whole numbers, as shapes and axes are given. */
  list(values: readonly number[]): string;
  /** A 32-bit float scalar. */
  scalar(value: number): string;
  finish(inputs: readonly Port[], outputs: readonly Port[]): Uint8Array;
}

/** The opset that the lowering is written for: the last in which reductions take their axes as attributes. */
const OPSET = 17;
const IR_VERSION = 8;

export function createGraph(): GraphWriter {
  const nodes: object[] = [];
  const initializers: object[] = [];
  const shared = new Map<string, string>();
  const written = new Map<string, string[]>();
  const domains = new Set<string>();
  const outcomes = new Set<string>();
  let names = 0;
  const name = (): string => `t${(names += 1)}`;

  const graph: GraphWriter = {
    nodes(operator, inputs, attributes, outputs, domain = '') {
      // Rules ask for the same reshape or slice again: it is written once.
      const key = JSON.stringify([domain, operator, inputs, attributes, outputs]);
      const known = written.get(key);
      if (known) return known;
      const made = Array.from({ length: outputs }, name);
      written.set(key, made);
      for (const output of made) outcomes.add(output);
      domains.add(domain);
      nodes.push({ opType: operator, input: inputs, output: made, attribute: Object.entries(attributes).map(attribute), domain });
      return made;
    },
    node: (operator, inputs, attributes = {}, domain) => graph.nodes(operator, inputs, attributes, 1, domain)[0]!,
    isMade: (made) => outcomes.has(made),
    alias: (of, alias) => void nodes.push({ opType: 'Identity', input: [of], output: [alias], attribute: [], domain: '' }),
    constant(element, shape, data) {
      const key = data.length <= 64 ? `${element} [${shape}] ${Array.from(data)}` : undefined;
      const known = key === undefined ? undefined : shared.get(key);
      if (known !== undefined) return known;
      const made = name();
      initializers.push({ name: made, dims: shape, dataType: ELEMENT[element], rawData: raw(element, data) });
      if (key !== undefined) shared.set(key, made);
      return made;
    },
    index(key, make) {
      const known = shared.get(`index ${key}`);
      if (known !== undefined) return known;
      const order = make();
      const made = graph.constant('int32', [order.length], order);
      shared.set(`index ${key}`, made);
      return made;
    },
    list: (values) => graph.constant('int64', [values.length], values),
    scalar: (value) => graph.constant('float32', [], [value]),
    finish(inputs, outputs) {
      const { ModelProto } = schema();
      domains.add('');
      const opsetImport = [...domains].map((domain) => ({ domain, version: domain === '' ? OPSET : 1 }));
      const model = {
        irVersion: IR_VERSION,
        opsetImport,
        graph: { name: 'step', node: nodes, initializer: initializers, input: inputs.map(valueInfo), output: outputs.map(valueInfo) },
      };
      return ModelProto.encode(model as never).finish();
    },
  };
  return graph;
}

function raw(element: Element, data: ArrayLike<number>): Uint8Array {
  const array =
    element === 'int64'
      ? BigInt64Array.from(Array.from(data, BigInt))
      : element === 'float32'
        ? Float32Array.from(data)
        : element === 'int32'
          ? Int32Array.from(data)
          : Uint8Array.from(data);
  return new Uint8Array(array.buffer);
}

const TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

function attribute([name, value]: [string, Attribute]): object {
  if (typeof value === 'number') return { name, i: value, type: TYPE.int };
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: TYPE.string };
  if ('float' in value) return { name, f: value.float, type: TYPE.float };
  return { name, ints: value, type: TYPE.ints };
}

const valueInfo = ({ name, element, shape }: Port): object => ({
  name,
  type: {
    tensorType: {
      elemType: ELEMENT[element],
      shape: { dim: shape.map((side) => (typeof side === 'string' ? { dimParam: side } : { dimValue: side })) },
    },
  },
});

let loaded: { readonly ModelProto: protobuf.Type } | undefined;

/** The part of onnx.proto (ONNX 1.x, Apache-2.0) that models written here use; field numbers are the format's. */
function schema(): { readonly ModelProto: protobuf.Type } {
  if (loaded) return loaded;
  const field = (type: string, id: number, rule?: 'repeated'): object => ({ type, id, ...(rule ? { rule } : {}) });
  const root = protobuf.Root.fromJSON({
    nested: {
      AttributeProto: {
        fields: {
          name: field('string', 1),
          f: field('float', 2),
          i: field('int64', 3),
          s: field('bytes', 4),
          ints: field('int64', 8, 'repeated'),
          type: field('int32', 20),
        },
      },
      NodeProto: {
        fields: {
          input: field('string', 1, 'repeated'),
          output: field('string', 2, 'repeated'),
          opType: field('string', 4),
          attribute: field('AttributeProto', 5, 'repeated'),
          domain: field('string', 7),
        },
      },
      TensorProto: {
        fields: { dims: field('int64', 1, 'repeated'), dataType: field('int32', 2), name: field('string', 8), rawData: field('bytes', 9) },
      },
      Dimension: { fields: { dimValue: field('int64', 1), dimParam: field('string', 2) } },
      TensorShapeProto: { fields: { dim: field('Dimension', 1, 'repeated') } },
      TensorTypeProto: { fields: { elemType: field('int32', 1), shape: field('TensorShapeProto', 2) } },
      TypeProto: { fields: { tensorType: field('TensorTypeProto', 1) } },
      ValueInfoProto: { fields: { name: field('string', 1), type: field('TypeProto', 2) } },
      GraphProto: {
        fields: {
          node: field('NodeProto', 1, 'repeated'),
          name: field('string', 2),
          initializer: field('TensorProto', 5, 'repeated'),
          input: field('ValueInfoProto', 11, 'repeated'),
          output: field('ValueInfoProto', 12, 'repeated'),
        },
      },
      OperatorSetIdProto: { fields: { domain: field('string', 1), version: field('int64', 2) } },
      ModelProto: {
        fields: { irVersion: field('int64', 1), graph: field('GraphProto', 7), opsetImport: field('OperatorSetIdProto', 8, 'repeated') },
      },
    },
  } as never);
  loaded = { ModelProto: root.lookupType('ModelProto') };
  return loaded;
}
