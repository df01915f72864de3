// Named amounts that running nodes hold. Who waits is served in order of turn; what the first cannot get yet is kept for it, so that nobody
// starves, and the rest goes to those behind who can use it.
import { KithError } from './errors.ts';

/** An amount of a resource: a number, everything there is, or bytes. */
export type Amount = number | 'all' | `${number}${'KB' | 'MB' | 'GB' | 'TB'}`;
/** What a node holds while it runs, e.g. `{ cpu: 2, memory: '2GB' }`. */
export type Wants = { readonly [name: string]: Amount };
export type Amounts = { readonly [name: string]: number };

/** Free amounts by name; there is one of a name that has no total. */
export interface Resources {
  /** Resolves when all amounts are free, and holds them until the returned function is called. Lower turns go first. */
  acquire(wanted: Amounts, turn: number): Promise<() => void>;
  /** Amounts as numbers; what exceeds a total is cut to it. Throws a KithError for an amount that is none. */
  amounts(wanted: Wants): Amounts;
}

interface Waiting {
  readonly wanted: Amounts;
  readonly turn: number;
  readonly start: () => void;
}

/** `slots` bounds how many hold at once, whatever they want. */
export function createResources(totals: Amounts, slots = Infinity): Resources {
  const free = new Map(Object.entries(totals));
  const total = (name: string): number => totals[name] ?? 1;
  const amountsOf = (wanted: Wants): Amounts =>
    Object.fromEntries(Object.entries(wanted).map(([name, amount]) => [name, Math.min(amountOf(name, amount), total(name))]));
  const fits = (wanted: Amounts, kept: ReadonlyMap<string, number>): boolean => {
    for (const name of Object.keys(wanted)) if ((free.get(name) ?? total(name)) - (kept.get(name) ?? 0) < wanted[name]!) return false;
    return true;
  };
  /** The nodes of a kind want the same. */
  const known = new WeakMap<Wants, Amounts>();
  const queue: Waiting[] = [];
  let freeSlots = slots;
  let isDue = false;
  const change = (wanted: Amounts, sign: 1 | -1): void => {
    for (const name of Object.keys(wanted)) free.set(name, (free.get(name) ?? total(name)) + sign * wanted[name]!);
  };
  /** Later, so that those whose turn comes now have asked too: who waited for what just ended. */
  const admitSoon = (): void => {
    if (!isDue) setImmediate(admit);
    isDue = true;
  };
  const admit = (): void => {
    isDue = false;
    if (queue.length === 0 || freeSlots === 0) return;
    /** For those who wait before. */
    const kept = new Map<string, number>();
    for (let at = 0, slots = freeSlots; at < queue.length && slots > 0; slots -= 1) {
      const { wanted, start } = queue[at]!;
      if (!fits(wanted, kept)) {
        for (const [name, amount] of Object.entries(wanted)) kept.set(name, (kept.get(name) ?? 0) + amount);
        at += 1;
        continue;
      }
      // To take the first of thousands is cheap only so.
      if (at === 0) queue.shift();
      else queue.splice(at, 1);
      change(wanted, -1);
      freeSlots -= 1;
      start();
    }
  };
  return {
    amounts(wanted) {
      let amounts = known.get(wanted);
      if (!amounts) known.set(wanted, (amounts = amountsOf(wanted)));
      return amounts;
    },
    acquire: (wanted, turn) =>
      new Promise((resolve) => {
        let held = true;
        const release = (): void => {
          if (!held) return;
          held = false;
          change(wanted, 1);
          freeSlots += 1;
          admitSoon();
        };
        const before = queue.findLastIndex((waiting) => waiting.turn <= turn);
        queue.splice(before + 1, 0, { wanted, turn, start: () => resolve(release) });
        admitSoon();
      }),
  };
}

const UNITS: { readonly [unit: string]: number } = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** An amount as a number: `all` is infinite, `2GB` is 2·10⁹. */
export function amountOf(name: string, amount: number | string): number {
  if (amount === 'all') return Infinity;
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT]B)?$/i.exec(String(amount)) ?? [];
  if (digits !== undefined) return Number(digits) * (unit === undefined ? 1 : UNITS[unit.toUpperCase()]!);
  throw new KithError(`${JSON.stringify(amount)} is no amount of ${name}.`, {
    hint: `Write a number, "all", or bytes such as "2GB".`,
    exitCode: 2,
  });
}
