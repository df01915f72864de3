// The few colours of the terminal by what they mean. The sixteen colours of the user's own theme only; none with `color: false`.
import picocolors from 'picocolors';

type Brush = (text: string) => string;

export interface Paint {
  /** Running, and what moves. */
  readonly accent: Brush;
  readonly good: Brush;
  readonly bad: Brush;
  readonly warn: Brush;
  /** What need not be read. */
  readonly faint: Brush;
  readonly strong: Brush;
}

/** Brushes for text; `color: false` returns it unchanged. */
export function createPaint(color: boolean): Paint {
  const { cyan, green, red, yellow, dim, bold } = picocolors.createColors(color);
  return { accent: cyan, good: green, bad: red, warn: yellow, faint: dim, strong: bold };
}

/** Whether the environment wants colours (`NO_COLOR`, `FORCE_COLOR`, a terminal). */
export const colorIsWanted = (): boolean => picocolors.isColorSupported;
