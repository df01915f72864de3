// Text that is safe inside a page: what is put into a template is escaped unless it is markup itself.

/** Markup, as opposed to text. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = string | number | Markup | undefined | false | readonly Part[];

/** html`<b>${name}</b>`: strings and numbers are escaped, markup and lists of it are taken as they are, `undefined` and `false` are nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, piece, at) => text + piece + (at < parts.length ? written(parts[at]) : ''), ''));
}

function written(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(written).join('');
  return escape(String(part));
}

const NAMES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => NAMES[character]!);
