// TensorFlow's session over one graph: feeds and fetches arrays. Knows the C API and nothing of steps.
import type { Arrays, Signature, Trace } from '../executor.ts';
import type { Output, Pointer, Tensorflow } from './library.ts';
import { failure } from './message.ts';
import { toArray, toTensor } from './tensors.ts';

/** A value that goes in or out under a name of the caller's, at a node of the graph. */
export interface Port {
  readonly name: string;
  readonly node: string;
  readonly signature: Signature;
}

export interface Session {
  /** Feeds arrays, runs a node, fetches arrays. On another thread: this one stays free. A KithError where TensorFlow fails. */
  run(given: readonly Port[], arrays: Arrays, wanted: readonly Port[], target?: string): Promise<Arrays>;
  close(): void;
}

/** Opens a session over a GraphDef with a ConfigProto. `trace` is what failures are told in terms of. */
export function openSession(tensorflow: Tensorflow, definition: Uint8Array, config: Uint8Array, trace: Trace): Session {
  const check = (status: Pointer): void => {
    const code = tensorflow.GetCode(status);
    if (code !== 0) throw failure(code, tensorflow.Message(status), trace, `TensorFlow ${tensorflow.Version()}`);
  };
  const checked = <T>(act: (status: Pointer) => T): T => {
    const status = tensorflow.NewStatus();
    try {
      const made = act(status);
      check(status);
      return made;
    } finally {
      tensorflow.DeleteStatus(status);
    }
  };
  const graph = importGraph(tensorflow, definition, checked);
  const session = startSession(tensorflow, graph, config, checked);
  const known = new Map<string, Pointer>();
  const operation = (name: string): Pointer => {
    const found = known.get(name) ?? tensorflow.GraphOperationByName(graph, name);
    if (!found) throw new Error(`The graph has no node "${name}".`);
    known.set(name, found);
    return found;
  };
  const output = ({ node }: Port): Output => ({ oper: operation(node), index: 0 });

  return {
    async run(given, arrays, wanted, target) {
      const fed: Pointer[] = [];
      const fetched: (Pointer | null)[] = wanted.map(() => null);
      const status = tensorflow.NewStatus();
      try {
        for (const { name, signature } of given) fed.push(toTensor(tensorflow, name, arrays[name], signature));
        const targets = target === undefined ? [] : [operation(target)];
        await tensorflow.SessionRun(session, given.map(output), fed, wanted.map(output), fetched, targets, status);
        check(status);
        return Object.fromEntries(wanted.map(({ name, signature }, at) => [name, toArray(tensorflow, fetched[at]!, signature)]));
      } finally {
        for (const tensor of [...fed, ...fetched]) if (tensor) tensorflow.DeleteTensor(tensor);
        tensorflow.DeleteStatus(status);
      }
    },
    close() {
      checked((status) => tensorflow.CloseSession(session, status));
      checked((status) => tensorflow.DeleteSession(session, status));
      tensorflow.DeleteGraph(graph);
    },
  };
}

type Checked = <T>(act: (status: Pointer) => T) => T;

function importGraph(tensorflow: Tensorflow, definition: Uint8Array, checked: Checked): Pointer {
  const graph = tensorflow.NewGraph();
  const buffer = tensorflow.NewBufferFromString(definition, definition.length);
  const options = tensorflow.NewImportGraphDefOptions();
  checked((status) => tensorflow.GraphImportGraphDef(graph, buffer, options, status));
  tensorflow.DeleteImportGraphDefOptions(options);
  tensorflow.DeleteBuffer(buffer);
  return graph;
}

function startSession(tensorflow: Tensorflow, graph: Pointer, config: Uint8Array, checked: Checked): Pointer {
  const options = tensorflow.NewSessionOptions();
  checked((status) => tensorflow.SetConfig(options, config, config.length, status));
  const session = checked((status) => tensorflow.NewSession(graph, options, status));
  tensorflow.DeleteSessionOptions(options);
  return session;
}
