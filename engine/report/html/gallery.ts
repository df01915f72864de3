// Pictures that nodes drew, inside the page.
import { html, type Markup } from './markup.ts';

/** A picture that a node drew of its artifact. */
export interface Picture {
  readonly node: string;
  readonly name: string;
  readonly extension: 'png' | 'svg' | 'jpg';
  readonly bytes: Uint8Array;
}

export const gallery = (pictures: readonly Picture[]): Markup | undefined =>
  pictures.length === 0 ? undefined : html`<div class="pictures">${pictures.map(picture)}</div>`;

const TYPES = { png: 'image/png', jpg: 'image/jpeg', svg: 'image/svg+xml' } as const;

function picture({ node, name, extension, bytes: content }: Picture): Markup {
  const source = `data:${TYPES[extension]};base64,${Buffer.from(content).toString('base64')}`;
  return html`<figure>
    <figcaption><b>${node}</b> ${name}</figcaption>
    <img src="${source}" alt="${name} of ${node}" loading="lazy" ${extension === 'svg' && html`class="smooth"`} />
  </figure>`;
}
