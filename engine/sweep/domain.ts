// What a param may be in a sweep: a list of values or a range. A domain is plain data that stands in a param's place; every strategy sees it
// as the unit interval.
import type { Plain } from '../../cache/array.ts';
import { KithError } from '../errors.ts';

/** Values of a param, with the condition under which it matters. */
export type Domain = (
  | { readonly of: 'choice'; readonly values: readonly Plain[] }
  /** Whole numbers low … high. */
  | { readonly of: 'int'; readonly low: number; readonly high: number }
  | { readonly of: 'float'; readonly low: number; readonly high: number }
  /** Numbers whose logarithm is uniform. */
  | { readonly of: 'log'; readonly low: number; readonly high: number }
) & {
  /** Where `kith run` starts; the first choice, or the middle, where it is not given. */
  readonly start?: Plain;
  /** The param keeps its own value unless each of these params (`encoder.optimizer`) has one of these values. */
  readonly when?: { readonly [path: string]: readonly Plain[] };
};

/** Params of the pipeline by path, `clusters.entropyWeight`. */
export type Space = { readonly [path: string]: Domain };

interface Options<T> {
  readonly start?: T;
  /** `{ when: { 'encoder.optimizer': 'sgd' } }`: one value or several. */
  readonly when?: { readonly [path: string]: Plain };
}

/** The marker by which a param's value is known to be a domain. */
const MARK = 'kith.domain';

/**
 * A param that a sweep varies, written where its value stands: `scan({ … }, { entropyWeight: choice(1, 2, 5) })`. `kith run` takes the first.
 * The type is that of the values, so that a wrong one does not compile.
 */
export function choice<const T extends Plain>(...values: readonly T[]): T {
  return marked({ of: 'choice', values });
}

/** Whole numbers from `low` to `high`. */
export const int = (low: number, high: number, options?: Options<number>): number => marked({ of: 'int', low, high, ...normal(options) });
/** Numbers from `low` to `high`. */
export const float = (low: number, high: number, options?: Options<number>): number =>
  marked({ of: 'float', low, high, ...normal(options) });
/** Numbers from `low` to `high`, as many between 1 and 10 as between 10 and 100: learning rates, weights. */
export const log = (low: number, high: number, options?: Options<number>): number => marked({ of: 'log', low, high, ...normal(options) });

function marked<T>(domain: Domain): T {
  checkDomain(domain);
  return { [MARK]: domain } as T;
}

function normal<T>({ start, when }: Options<T> = {}): Pick<Domain, 'start' | 'when'> {
  const lists = when && Object.fromEntries(Object.entries(when).map(([path, value]) => [path, Array.isArray(value) ? value : [value]]));
  return { ...(start === undefined ? {} : { start: start as Plain }), ...(lists ? { when: lists } : {}) };
}

/** The domain that stands in a param's place, if one does. */
export function domainIn(value: unknown): Domain | undefined {
  return typeof value === 'object' && value !== null && MARK in value ? (value[MARK] as Domain) : undefined;
}

/** Throws a KithError (exit code 2) for ranges and lists without values. */
export function checkDomain(domain: Domain): void {
  const wrong = (headline: string, hint: string): KithError => new KithError(headline, { hint, exitCode: 2 });
  if (domain.of === 'choice') {
    if (domain.values.length === 0) throw wrong('choice() has no values.', 'Name them: choice(1, 2, 5).');
    return;
  }
  const { of, low, high } = domain;
  if (![low, high].every(Number.isFinite) || low > high)
    throw wrong(`${of}(${low}, ${high}) is no range.`, 'Give two numbers, the lower one first.');
  if (of === 'int' && ![low, high].every(Number.isInteger))
    throw wrong(`int(${low}, ${high}) is not between whole numbers.`, `Use float(${low}, ${high}).`);
  if (of === 'log' && low <= 0) throw wrong(`log(${low}, ${high}) does not begin above 0.`, 'A logarithm needs a positive number.');
}

/** The value at u in [0, 1). */
export function valueAt(domain: Domain, u: number): Plain {
  if (domain.of === 'choice') return domain.values[Math.min(domain.values.length - 1, Math.floor(u * domain.values.length))]!;
  const { of, low, high } = domain;
  if (of === 'int') return Math.min(high, low + Math.floor(u * (high - low + 1)));
  if (of === 'float') return short(low + u * (high - low));
  return Math.min(high, Math.max(low, short(Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low))))));
}

/** The middle of the part of [0, 1) that becomes this value; undefined where the domain does not hold it. */
export function unitOf(domain: Domain, value: Plain): number | undefined {
  if (domain.of === 'choice') {
    const at = domain.values.findIndex((one) => JSON.stringify(one) === JSON.stringify(value));
    return at < 0 ? undefined : (at + 0.5) / domain.values.length;
  }
  const { of, low, high } = domain;
  if (typeof value !== 'number' || value < low || value > high) return undefined;
  if (of === 'int') return Number.isInteger(value) ? (value - low + 0.5) / (high - low + 1) : undefined;
  const [a, b, x] = of === 'log' ? [Math.log(low), Math.log(high), Math.log(value)] : [low, high, value];
  return b > a ? Math.min((x - a) / (b - a), 1 - Number.EPSILON) : 0.5;
}

/** Four digits are enough for a hyper-parameter, and can be read. */
const short = (value: number): number => Number(value.toPrecision(4));

/** The value without a sweep. */
export const startOf = (domain: Domain): Plain => domain.start ?? (domain.of === 'choice' ? domain.values[0]! : valueAt(domain, 0.5));

/** All values of a domain, for a grid: a range gives `steps` evenly spread ones, ends included. */
export function valuesOf(domain: Domain, steps: number): readonly Plain[] {
  if (domain.of === 'choice') return domain.values;
  const { of, low, high } = domain;
  const count = of === 'int' ? Math.min(steps, high - low + 1) : steps;
  if (count === 1 || low === high) return [startOf(domain)];
  const shares = Array.from({ length: count }, (_, at) => at / (count - 1));
  if (of === 'int') return [...new Set(shares.map((share) => low + Math.round(share * (high - low))))];
  return shares.map((share) => (of === 'float' ? short(low + share * (high - low)) : short(low * (high / low) ** share)));
}

/** How many different values there are; infinite for real ranges. */
export function sizeOf(domain: Domain): number {
  if (domain.of === 'choice') return domain.values.length;
  return domain.of === 'int' ? domain.high - domain.low + 1 : domain.low === domain.high ? 1 : Infinity;
}
