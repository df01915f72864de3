// Where a result comes from: everything that its key holds, what made it, and when.
import { duration } from '../format.ts';
import { when } from './frame.ts';
import { html, type Markup } from './markup.ts';

/** Where a node's result comes from. */
export interface Provenance {
  readonly node: string;
  readonly kind: string;
  readonly key: string;
  readonly artifact: string;
  /** When it was made, in milliseconds since 1970. */
  readonly finished: number;
  readonly seconds: number;
  readonly seed: number;
  readonly params: { readonly [param: string]: unknown };
  readonly code: string;
  readonly files: { readonly [path: string]: string };
  readonly environment: { readonly [name: string]: unknown };
}

export function origin({ node, kind, key, artifact, finished, seconds, seed, params, code, files, environment }: Provenance): Markup {
  const facts: (readonly [string, string])[] = [
    ['kind', kind],
    ['made', `${when(finished)}, in ${duration(seconds)}`],
    ['seed', String(seed)],
    ['params', JSON.stringify(params)],
    ...Object.entries(files).map(([path, digest]) => [`file ${path}`, digest] as const),
    ['on', Object.entries(environment).map(([name, value]) => `${name} ${String(value)}`).join(', ')], // prettier-ignore
    ['key', key],
    ['code', code],
    ['artifact', artifact],
  ];
  return html`<details>
    <summary><b>${node}</b></summary>
    <table>
      ${facts.map(
        ([name, value]) =>
          html`<tr>
            <th>${name}</th>
            <td><code>${value}</code></td>
          </tr>`,
      )}
    </table>
  </details>`;
}
