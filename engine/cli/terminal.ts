// What a command may touch of the outside world, so that commands can be tested without a process.

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether people watch standard output. */
  readonly isTTY: boolean;
  /** Whether colours may be used (`NO_COLOR` unset, and a terminal). */
  readonly color: boolean;
  /** Asks a question that is answered by yes or no; absent where nobody is there to answer. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  readonly cwd: string;
  /** The program that worker processes run. */
  readonly worker: string;
  /** Calls back at each Ctrl-C (and on SIGTERM) until the returned function is called. */
  readonly onInterrupt: (callback: () => void) => () => void;
}
