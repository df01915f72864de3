import { describe, expect, it } from 'vitest';
import { KithError, toFailure } from '../../../engine/errors.ts';
import { failureText } from '../../../engine/report/failure.ts';

describe('a failure in text', () => {
  it('is a headline, indented facts and a hint, without a stack when it was expected', () => {
    const error = new KithError('The file is truncated.', {
      facts: ['data/train.csv has 12 bytes.', 'line one\nline two'],
      hint: 'Download it again.',
    });
    expect(failureText(toFailure(error), { color: false })).toBe(
      ['✖ The file is truncated.', '  data/train.csv has 12 bytes.', '  line one', '  line two', '  hint: Download it again.'].join('\n'),
    );
  });

  it('shows where a bug happened, and the message only once', () => {
    const text = failureText(toFailure(new TypeError('x is not a function')), { color: false });
    expect(text.split('x is not a function')).toHaveLength(2);
    expect(text).toMatch(/\n {4}at .*failure\.test/);
  });

  it('paints the headline red and only it', () => {
    const [headline, fact] = failureText({ headline: 'No.', facts: ['Because.'] }, { color: true }).split('\n');
    expect(headline).toBe('\u001b[31m✖ No.\u001b[39m');
    expect(fact).toBe('  Because.');
  });
});
