// Images side by side as one PNG, so that one can look at what a node did.
import type { Images } from '../artifacts.ts';

export interface Grid {
  /** Images a row. */
  readonly columns: number;
  /** Sets the first column apart by a gap. */
  readonly apart?: boolean;
}

/** Smallest side, in pixels, at which an image is shown: smaller ones are enlarged by a whole factor, without smoothing. */
const SIDE = 48;
const GAP = 2;
const PAPER = 255;

/** PNG bytes of the images with these indices, row by row on white; −1 leaves a place empty. */
export async function imageGrid({ pixels }: Images, indices: readonly number[], { columns, apart = false }: Grid): Promise<Uint8Array> {
  const [, height = 1, width = 1, channels = 1] = pixels.shape;
  const scale = Math.max(1, Math.ceil(SIDE / Math.max(height, width)));
  const [cellWidth, cellHeight] = [width * scale + GAP, height * scale + GAP];
  const offset = apart ? 4 * GAP : 0;
  const sheet = {
    width: columns * cellWidth + GAP + offset,
    height: Math.ceil(indices.length / columns) * cellHeight + GAP,
    channels,
  };
  const data = new Uint8Array(sheet.width * sheet.height * channels).fill(PAPER);
  indices.forEach((index, at) => {
    if (index < 0) return;
    const column = at % columns;
    const left = GAP + column * cellWidth + (column > 0 ? offset : 0);
    const top = GAP + Math.floor(at / columns) * cellHeight;
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < width * scale; x++) {
        const from = ((index * height + Math.floor(y / scale)) * width + Math.floor(x / scale)) * channels;
        const to = ((top + y) * sheet.width + left + x) * channels;
        for (let c = 0; c < channels; c++) data[to + c] = pixels.data[from + c]!;
      }
    }
  });
  const { default: sharp } = await import('sharp');
  return sharp(data, { raw: { width: sheet.width, height: sheet.height, channels: channels as 1 | 3 } })
    .png()
    .toBuffer();
}
