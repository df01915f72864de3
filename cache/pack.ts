// Plain data and bytes ⇄ msgpack. Equal data gives equal bytes; reading accepts plain data only, so it never runs code or makes objects of a class.
import { Packr } from 'msgpackr/pack';
import { Unpackr } from 'msgpackr/unpack';
import { fold } from './plain.ts';

const options = { useRecords: false, mapsAsObjects: true, variableMapSize: true, moreTypes: false, int64AsType: 'number' } as const;
const packr = new Packr(options);
const unpackr = new Unpackr(options);

/** Deeper data would exhaust the stack of whoever walks it. */
const DEEPEST = 500;
/** More values, of which each takes up to a hundred times its packed size in memory, are numbers that belong into a typed array. */
const MOST = 2 ** 23;

/**
 * Bytes of plain data; `Uint8Array`s may stand anywhere in it. Throws a TypeError naming the place where something is not plain, and a
 * RangeError for more than `unpack` would take.
 */
export function pack(value: unknown): Uint8Array {
  const bytes = packr.pack(sorted(value));
  scan(bytes);
  return bytes;
}

/** The data behind `pack`'s bytes. Throws for anything else: truncated or over-long bytes, impossible lengths or depths, extension types. */
export function unpack(bytes: Uint8Array): unknown {
  scan(bytes);
  // A view of its own, since msgpackr leaves a property on what it is given.
  return unpackr.unpack(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function sorted(value: unknown): unknown {
  return fold<unknown>(value, {
    leaf: (leaf, path) => (typeof leaf === 'string' ? wellFormed(leaf, path) : leaf),
    list: (items) => items,
    record: (fields, path) => Object.fromEntries(fields.map(([name, field]) => [fieldName(name, path), field])),
    special: (object) => (object instanceof Uint8Array ? object : undefined),
  });
}

/** UTF-8 has no lone surrogates: written anyway they would come back as another text. */
function wellFormed(text: string, path: () => string): string {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError(`${path()} has text that is not well-formed Unicode: ${JSON.stringify(text)}`);
  return text;
}

function fieldName(name: string, path: () => string): string {
  if (name === '__proto__') throw new TypeError(`${path()} has a field named __proto__`);
  return wellFormed(name, path);
}

/** Bytes of a length field after the token, by token 0xc4 … 0xdf; absent tokens are not plain data. */
const LENGTH_BYTES: { readonly [token: number]: 1 | 2 | 4 } = {
  0xc4: 1,
  0xc5: 2,
  0xc6: 4,
  0xd9: 1,
  0xda: 2,
  0xdb: 4,
  0xdc: 2,
  0xdd: 4,
  0xde: 2,
  0xdf: 4,
};
/** Bytes of a number after its token. */
const NUMBER_BYTES: { readonly [token: number]: number } = {
  0xca: 4,
  0xcb: 8,
  0xcc: 1,
  0xcd: 2,
  0xce: 4,
  0xcf: 8,
  0xd0: 1,
  0xd1: 2,
  0xd2: 4,
  0xd3: 8,
};

/** Walks the tokens without making anything of them; what it lets through is plain data of a length that the bytes can hold. */
function scan(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Values that are still to come: at the top, and in each list or record that is open. */
  const open = [1];
  let at = 0;
  for (let values = 1; open.length > 0; values++) {
    while (open.at(-1) === 0) open.pop();
    if (open.length === 0) break;
    if (values > MOST) throw new RangeError(`more than ${MOST} values: put numbers into a typed array`);
    open[open.length - 1]! -= 1;
    const token = view.getUint8(at++);
    const width = LENGTH_BYTES[token];
    const length = width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at) : width === 4 ? view.getUint32(at) : 0;
    at += width ?? 0;
    if (token >= 0x80 && token <= 0x8f) open.push(2 * (token & 0x0f));
    else if (token >= 0x90 && token <= 0x9f) open.push(token & 0x0f);
    else if (token >= 0xa0 && token <= 0xbf) at += token & 0x1f;
    else if (token === 0xde || token === 0xdf) open.push(2 * length);
    else if (token === 0xdc || token === 0xdd) open.push(length);
    else if (width) at += length;
    else if (NUMBER_BYTES[token]) at += NUMBER_BYTES[token];
    else if (token === 0xc1 || (token >= 0xc4 && token < 0xe0)) throw new RangeError(`byte ${at - 1} is not plain data`);
    if (open.at(-1)! > bytes.length - at) throw new RangeError('the bytes end too early');
    if (open.length > DEEPEST) throw new RangeError(`lists and records are nested more than ${DEEPEST} deep`);
  }
  if (at !== bytes.length) throw new RangeError(`${bytes.length - at} bytes too many`);
}
