// Lines that are written together: thousands may come in one turn of the event loop, and each write of its own takes longer than making the line.

export interface Batch {
  /** Adds a line, without its newline. It is written before the event loop turns, or sooner where there are many. */
  add(line: string): void;
  /** Writes what is there. */
  flush(): void;
}

/** Characters after which lines do not wait. */
const MANY = 1 << 16;

/** A batch of lines for `write`, which gets each with its newline. */
export function createBatch(write: (text: string) => void): Batch {
  let text = '';
  let isDue = false;
  const flush = (): void => {
    isDue = false;
    const written = text;
    text = '';
    if (written !== '') write(written);
  };
  return {
    add(line) {
      text += `${line}\n`;
      if (text.length >= MANY) flush();
      else if (!isDue) setImmediate(flush);
      isDue = true;
    },
    flush,
  };
}
