// How far something is, as a line that fills in half steps.

/** The filled and the open part, together `width` cells. `share`: 0–1. */
export function barText(share: number, width: number): readonly [string, string] {
  const halves = Math.round(Math.max(0, Math.min(1, share)) * width * 2);
  const filled = '━'.repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? '╾' : '');
  return [filled, '─'.repeat(width - filled.length)];
}
