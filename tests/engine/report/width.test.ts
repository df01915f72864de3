import { describe, expect, it } from 'vitest';
import { fit, oneLine, padStart, textWidth, truncate } from '../../../engine/report/width.ts';

describe('the width of a text', () => {
  it('counts terminal cells: none for escapes and accents, two for wide characters', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('\u001b[31mabc\u001b[39m')).toBe(3);
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth('猫')).toBe(2);
    expect(textWidth('━▁⠋✔')).toBe(4);
  });

  it('cuts with an ellipsis and never exceeds the room, even in the middle of a wide character', () => {
    expect(truncate('neighbours', 5)).toBe('neig…');
    expect(truncate('neighbours', 10)).toBe('neighbours');
    expect(textWidth(truncate('猫猫猫', 4))).toBeLessThanOrEqual(4);
    expect(truncate('x', 0)).toBe('');
  });

  it('fills to an exact width', () => {
    expect(fit('ab', 4)).toBe('ab  ');
    expect(fit('abcdef', 4)).toBe('abc…');
    expect(padStart('猫', 4)).toBe('  猫');
  });

  it('makes one harmless line of anything', () => {
    expect(oneLine(' a\n\tb\u001b[2J\u0007c ')).toBe('a bc');
  });
});
