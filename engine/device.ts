// What runs tensors in a run, as far as the engine knows: a name that it passes on, a clause for people, and what a node says that it used.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** A device that was looked at before anything ran. */
export interface ChosenDevice {
  readonly device: string;
  /** Why it is this one, where none was asked for: a clause. */
  readonly deviceReason?: string;
}

/**
 * Looks at the device of a name, or with none chooses one, before anything runs. A KithError (exit code 2) for one that is unknown or not here.
 */
export type ChooseDevice = (name: string | undefined) => Promise<ChosenDevice>;

/** `onnx`, or where it was chosen `onnx (the fastest here)`. */
export const inWords = ({ device, deviceReason }: ChosenDevice): string =>
  deviceReason === undefined ? device : `${device} (${deviceReason})`;

/** Whoever runs tensors for a node says so on this diagnostics channel, in the node's process. */
export const EXECUTOR_CHANNEL = 'kith.executor';

/** An executor by the name of its device, with its library and version. */
export interface ExecutorUsed {
  readonly executor: string;
  readonly library: string;
}

/** What `work` gives, and what ran tensors meanwhile, each once, joined where it is several; nothing where nothing did. */
export async function notingExecutors<T>(work: () => Promise<T> | T): Promise<{ readonly value: T; readonly used: Partial<ExecutorUsed> }> {
  const used = new Map<string, string>();
  const listener = (message: unknown): void => {
    const { executor, library } = message as ExecutorUsed;
    used.set(executor, library);
  };
  subscribe(EXECUTOR_CHANNEL, listener);
  try {
    const value = await work();
    if (used.size === 0) return { value, used: {} };
    return { value, used: { executor: [...used.keys()].join(' and '), library: [...used.values()].join(' and ') } };
  } finally {
    unsubscribe(EXECUTOR_CHANNEL, listener);
  }
}
