// Names of the nodes that a session feeds, fetches and runs. Numbers are places in the trace's feeds, results and state.

const numbered =
  (group: string) =>
  (at: number): string =>
    `${group}/${at}`;

export const NODE = {
  feed: numbered('feed'),
  result: numbered('result'),
  variable: numbered('variable'),
  given: numbered('given'),
  write: numbered('write'),
  read: numbered('read'),
  next: numbered('next'),
  /** Runs all of `write`. */
  writeAll: 'write',
  /** Runs all of `next`. */
  step: 'step',
} as const;

/** Nodes of an operation lie under its kernel and its place in the trace. */
export const operationName = (kernel: string, at: number): string => `${kernel}_${at}`;

/** The place in the trace of the operation that a message of TensorFlow's names first; -1 where it names none. */
export function operationIn(message: string): number {
  return Number(/\{\{node (?:\w+\/)*?[A-Za-z]\w*_(\d+)\//.exec(message)?.[1] ?? -1);
}
