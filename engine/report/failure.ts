// A failure in one silhouette: headline, facts, hint; the stack only where the failure is a bug.
import type { Failure } from '../events.ts';
import { createPaint, type Paint } from './paint.ts';

const FRAMES = 12;

/** The lines of a failure; `node` is named before the headline. */
export function failureLines({ headline, facts, hint, stack }: Failure, paint: Paint, node?: string): string[] {
  const [first = '', ...more] = headline.split('\n');
  return [
    paint.bad(`✖ ${node === undefined ? '' : `${node}: `}${first}`),
    ...indented([...more, ...facts]),
    ...(hint === undefined ? [] : indented([hint]).map((line, at) => (at === 0 ? `  ${paint.accent('hint:')} ${line.trimStart()}` : line))),
    ...(stack === undefined ? [] : frames(stack).map((line) => paint.faint(`    ${line}`))),
  ];
}

/** A failure as one text without a final newline; a thrown value becomes a failure by `toFailure`. */
export function failureText(failure: Failure, { color }: { readonly color: boolean }): string {
  return failureLines(failure, createPaint(color)).join('\n');
}

function indented(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split('\n')).map((line) => `  ${line}`.trimEnd());
}

function frames(stack: string): string[] {
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, FRAMES);
}
