// The confusion matrix as a heat map: rows are true classes, columns predicted ones, shaded by the share of the row.

const CELL = 44;
const TITLE = 36;
const FONT = 'font-family="DejaVu Sans, Helvetica, Arial, sans-serif"';
/** Longest class name that is shown whole. */
const NAME = 18;

/** PNG bytes. counts: [classes, classes], row-major; `note` stands below the matrix. */
export async function confusionPicture(counts: Int32Array, classes: readonly string[], note: string): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(confusionSvg(counts, classes, note)))
    .png()
    .toBuffer();
}

/** The same as SVG text. */
export function confusionSvg(counts: Int32Array, classes: readonly string[], note: string): string {
  const names = classes.map(shorten);
  const margin = TITLE + 12 + 8 * Math.max(3, ...names.map((name) => name.length));
  const side = margin + classes.length * CELL;
  const cells = classes.flatMap((_, row) => classes.map((_, column) => cell(counts, classes.length, row, column, margin)));
  const labels = names.flatMap((name, i) => {
    const middle = margin + (i + 0.5) * CELL;
    return [text(name, margin - 8, middle, 'end'), text(name, middle, margin - 8, 'start', -90)];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side + 16}" height="${side + 40}">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...cells,
    ...labels,
    text('true', 20, margin + (classes.length * CELL) / 2, 'middle', -90, 'bold'),
    text('predicted', margin + (classes.length * CELL) / 2, 20, 'middle', 0, 'bold'),
    text(note, 16, side + 24, 'start'),
    '</svg>',
  ].join('\n');
}

function cell(counts: Int32Array, classes: number, row: number, column: number, margin: number): string {
  const count = counts[row * classes + column]!;
  const whole = counts.subarray(row * classes, (row + 1) * classes).reduce((sum, n) => sum + n, 0);
  const share = whole === 0 ? 0 : count / whole;
  const [x, y] = [margin + column * CELL, margin + row * CELL];
  const box = `<rect x="${x}" y="${y}" width="${CELL - 1}" height="${CELL - 1}" fill="${shade(share)}"/>`;
  return count === 0
    ? box
    : box + text(String(count), x + CELL / 2, y + CELL / 2, 'middle', 0, 'normal', share > 0.5 ? 'white' : '#222222');
}

/** White to dark blue; the square root lets small confusions be seen. */
function shade(share: number): string {
  const strength = Math.sqrt(share);
  const mix = (from: number, to: number): number => Math.round(from + (to - from) * strength);
  return `rgb(${mix(245, 20)},${mix(247, 60)},${mix(250, 130)})`;
}

function text(content: string, x: number, y: number, anchor: string, turn = 0, weight = 'normal', fill = '#222222'): string {
  const rotation = turn === 0 ? '' : ` transform="rotate(${turn} ${x} ${y})"`;
  return `<text x="${x}" y="${y}" ${FONT} font-size="13" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}" dominant-baseline="central"${rotation}>${escape(content)}</text>`;
}

const shorten = (name: string): string => (name.length <= NAME ? name : `${name.slice(0, NAME - 1)}…`);
const escape = (content: string): string => content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
