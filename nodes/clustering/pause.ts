// A long synchronous computation must let a worker hear that it was cancelled.

/** Resolves after the messages that wait were handled; rejects with the signal's reason once it is aborted. */
export async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
