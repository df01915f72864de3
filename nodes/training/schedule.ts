// Learning rates as a function of the step. Plain numbers, fed to the program at each step.

/** Learning rate at a step, 0 … total−1. */
export type Schedule = (step: number) => number;

/** The same rate throughout: training can be continued for longer at any time. */
export const constant =
  (rate: number): Schedule =>
  () =>
    rate;

/**
 * Rises linearly to `rate` over the first `warmup` share of the steps, then falls to `end` along half a cosine (Loshchilov and Hutter, "SGDR",
 * ICLR 2017, eq. 5). The first step has a rate above 0 and the last one is still above `end`.
 */
export function cosine(rate: number, total: number, { warmup = 0, end = 0 }: { warmup?: number; end?: number } = {}): Schedule {
  const rising = Math.round(warmup * total);
  const falling = Math.max(1, total - rising);
  return (step) => {
    if (step < rising) return (rate * (step + 1)) / rising;
    const done = Math.min(1, (step - rising) / falling);
    return end + ((rate - end) * (1 + Math.cos(Math.PI * done))) / 2;
  };
}
