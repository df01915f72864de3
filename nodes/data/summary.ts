// What a reader says of the images it read.
import type { Summary } from '../../engine/events.ts';
import type { Images } from '../artifacts.ts';

/** Sentences shown of the files that could not be read; the artifact holds them all. */
const SHOWN = 5;

/** `1,797 images of 8×8, grey, 10 classes`, and a warning that lists unreadable files. */
export function summariseImages({ pixels, labels, classes = [], unread }: Images): Summary {
  const [count = 0, height, width, channels] = pixels.shape;
  const labelled = labels ? `${plural(classes.length, 'class', 'classes')}` : 'no labels';
  const line = `${plural(count, 'image', 'images')} of ${width}×${height}, ${channels === 1 ? 'grey' : 'colour'}, ${labelled}`;
  return { metrics: { images: count }, line, ...(unread.length > 0 ? { warnings: [unreadWarning(unread)] } : {}) };
}

function unreadWarning(unread: readonly string[]): string {
  const shown = unread.slice(0, SHOWN).join(' ');
  const more = unread.length > SHOWN ? ` And ${(unread.length - SHOWN).toLocaleString('en')} more.` : '';
  return `${plural(unread.length, 'file was', 'files were')} left out. ${shown}${more}`;
}

/** `1 image`, `1,797 images`. */
export const plural = (count: number, one: string, many: string): string => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
