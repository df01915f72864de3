// One image file → size×size pixels of 8 bits. Everything that files may hide (rotation, transparency, 16 bits, CMYK, palettes) ends here.
import type sharp from 'sharp';

export interface Shape {
  /** Side in pixels. */
  readonly size: number;
  /** 1: grey, 3: sRGB. */
  readonly channels: 1 | 3;
}

/**
 * Decodes, turns as EXIF says, scales until the square is covered, cuts the centre out, and puts transparent parts on white.
 * Returns [size, size, channels]; an animation gives its first picture. Rejects where the file is damaged, truncated or no image.
 */
export async function decodeImage(open: typeof sharp, path: string, { size, channels }: Shape): Promise<Uint8Array> {
  const { data, info } = await open(path, { failOn: 'error' })
    .autoOrient()
    .resize(size, size, { fit: 'cover', position: 'centre' })
    .flatten({ background: '#ffffff' })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return info.channels === channels ? data : withChannels(data, info.channels, channels);
}

/** Repeats grey, or takes the first channels. */
function withChannels(data: Uint8Array, from: number, to: number): Uint8Array {
  const pixels = new Uint8Array((data.length / from) * to);
  for (let i = 0; i < pixels.length; i++) pixels[i] = data[Math.floor(i / to) * from + Math.min(i % to, from - 1)]!;
  return pixels;
}
