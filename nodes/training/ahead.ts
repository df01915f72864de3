// What steps are fed, drawn one step ahead: while a step runs elsewhere, this thread draws. Each batch depends on its step alone, so that it does
// not matter when it is drawn.
import type { Arrays } from '../tensor/executor.ts';

export interface Batches {
  /** What a step is fed. */
  of(step: number): Arrays;
  /** Draws what the step after this one is fed. */
  drawAfter(step: number): void;
}

/** @param steps in all; what is never fed is never drawn */
export function drawnAhead(draw: (step: number) => Arrays, steps: number): Batches {
  let ahead: { readonly step: number; readonly feeds: Arrays } | undefined;
  return {
    of: (step) => (ahead?.step === step ? ahead.feeds : draw(step)),
    drawAfter: (step) => {
      ahead = step + 1 < steps ? { step: step + 1, feeds: draw(step + 1) } : undefined;
    },
  };
}
