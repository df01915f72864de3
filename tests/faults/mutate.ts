// Seeded mutations of bytes and of plain data, as damage and as malice would make them.

/** Whole numbers below a bound. */
export type Draw = (below: number) => number;

/** Whole numbers below a bound from numbers in [0, 1). */
export const drawFrom =
  (random: () => number): Draw =>
  (below) =>
    Math.floor(random() * below);

/** Other bytes: flipped, overwritten, cut, lengthened, moved about, or spliced with `other`. */
export function mutateBytes(bytes: Uint8Array, other: Uint8Array, draw: Draw): Uint8Array {
  let mutant = Buffer.from(bytes);
  for (let times = 1 + draw(4); times > 0; times--) mutant = mutateOnce(mutant, Buffer.from(other), draw);
  return mutant;
}

function mutateOnce(bytes: Buffer, other: Buffer, draw: Draw): Buffer<ArrayBuffer> {
  const at = draw(bytes.length + 1);
  const to = Math.min(bytes.length, at + draw(32));
  const copy = Buffer.from(bytes);
  switch (draw(7)) {
    case 0:
      if (at < copy.length) copy[at]! ^= 1 << draw(8);
      return copy;
    case 1:
      if (at < copy.length) copy[at] = [0x00, 0x7f, 0x80, 0xff, 0xc1, 0xc7, 0xdd, 0xdf, draw(256)][draw(9)]!;
      return copy;
    case 2:
      return copy.subarray(0, at);
    case 3:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(to)]);
    case 4:
      return Buffer.concat([copy.subarray(0, to), copy.subarray(at, to), copy.subarray(to)]);
    case 5:
      return Buffer.concat([copy.subarray(0, at), Buffer.from(Array.from({ length: draw(9) }, () => draw(256))), copy.subarray(at)]);
    default:
      return Buffer.concat([copy.subarray(0, at), other.subarray(draw(other.length + 1))]);
  }
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  '..',
  '../../../../etc/passwd',
  '/etc/passwd',
  'a\u0000b',
  '\u001b[2J',
  'x'.repeat(5000),
  '__proto__',
  'constructor',
  'ab'.repeat(32),
  'AB'.repeat(32),
  `${'ab'.repeat(31)}/.`,
  [],
  {},
  [[[[[[]]]]]],
  { digest: 'ab'.repeat(32), bytes: 1 },
  { array: 'float32', shape: [1], bytes: 4, digest: 'ab'.repeat(32) },
  { schema: 1 },
];

const strange = (draw: Draw): unknown => structuredClone(STRANGE[draw(STRANGE.length)]);

/** Other plain data: somewhere inside, a value or a name is another, is gone, is doubled or comes from somewhere else in it. */
export function mutatePlain(value: unknown, draw: Draw): unknown {
  const copy: unknown = structuredClone(value);
  for (let times = 1 + draw(3); times > 0; times--) mutateHolder(copy, draw);
  return draw(50) === 0 ? strange(draw) : copy;
}

function mutateHolder(root: unknown, draw: Draw): void {
  const holders = holdersIn(root);
  const holder = holders[draw(holders.length)] as Record<string, unknown> | undefined;
  if (!holder) return;
  const names = Object.keys(holder);
  const name = names[draw(names.length)] ?? (Array.isArray(holder) ? '0' : 'new');
  const elsewhere = holders[draw(holders.length)] as Record<string, unknown>;
  switch (draw(6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(draw(holder.length), 1);
      else delete holder[name];
      return;
    case 1:
      if (!Array.isArray(holder))
        define(holder, ['__proto__', 'constructor', 'toString', 'record', 'array', 'schema', 'new'][draw(7)]!, strange(draw));
      return;
    case 2:
      if (!contains(elsewhere, holder)) define(holder, name, structuredClone(elsewhere));
      return;
    case 3:
      if (typeof holder[name] === 'string') define(holder, name, mutateText(holder[name], draw));
      return;
    case 4:
      if (typeof holder[name] === 'number')
        define(holder, name, [holder[name] + 1, -holder[name] - 1, holder[name] * 1e9, String(holder[name])][draw(4)]);
      return;
    default:
      define(holder, name, strange(draw));
  }
}

function mutateText(text: string, draw: Draw): string {
  const at = draw(text.length + 1);
  return `${text.slice(0, at)}${['', '/', '\0', 'f', '0', '..'][draw(6)]}${text.slice(at + draw(2))}`;
}

/** As a field of its own, also `__proto__`. */
function define(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

function holdersIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return [value, ...Object.values(value).flatMap(holdersIn)];
}

function contains(holder: object, other: object): boolean {
  return holdersIn(holder).includes(other);
}
