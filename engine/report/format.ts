// Durations, bytes, numbers, rates and params as people read them. Pure functions; one notation everywhere in the terminal.
import type { Plain } from '../../cache/array.ts';
import type { Figure } from '../figure.ts';

/** `412 ms`, `4.2 s`, `3 min 12 s`, `2 h 5 min`, `1 d 3 h`. Negative time is shown as 0 ms. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const milliseconds = Math.round(Math.max(0, seconds) * 1000);
  if (milliseconds < 1000) return `${milliseconds} ms`;
  const tenths = Math.round(milliseconds / 100);
  return tenths < 600 ? `${(tenths / 10).toFixed(1)} s` : long(Math.round(milliseconds / 1000));
}

/** Whole seconds, for a clock that ticks: `4 s`, `3 min 12 s`. */
export function wholeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.floor(Math.max(0, seconds));
  return whole < 60 ? `${whole} s` : long(whole);
}

function long(seconds: number): string {
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Decimal units with at most three digits: `512 B`, `3.4 kB`, `412 MB`, `1.5 GB`. */
export function bytes(amount: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = Math.max(0, amount);
  let unit = 0;
  while (unit < units.length - 1 && Math.round(value) >= 1000) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** Integers with separators (`1,797`), anything else to three decimals (`0.984`), very small figures in powers of ten (`2.0e-4`). */
export function number(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  if (Number.isInteger(value)) return separated(String(value));
  if (Math.abs(value) < 0.0005) return value.toExponential(1);
  return decimals(value, 3);
}

/** With separators and a fixed number of decimals: `12,345.600`. */
export function decimals(value: number, digits: number): string {
  return Number.isFinite(value) ? separated(value.toFixed(digits)) : number(value);
}

/** `0.981 ± 0.011`; one value alone has no deviation. */
export const spread = ({ mean, deviation, count }: Figure): string => (count > 1 ? `${number(mean)} ± ${number(deviation)}` : number(mean));

/** The value of a param; `–` where it is not set. */
export const paramValue = (value: Plain | undefined): string =>
  value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

/** `scores.acc` → `acc`. */
export const ownName = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** A share of one: `34 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `7,012 images/s`; below ten with one decimal, below one with two. */
export function rate(perSecond: number, of: string): string {
  const digits = perSecond >= 10 ? 0 : perSecond >= 1 ? 1 : 2;
  return `${decimals(perSecond, digits)} ${of}/s`;
}

/** `1 node`, `1,797 nodes`: English plurals by s. */
export function count(amount: number, one: string): string {
  return `${number(amount)} ${one}${amount === 1 ? '' : 's'}`;
}

function separated(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
