// The events as programs see them: one line each, of a version, on a page that says all of it.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { eventLine, EVENTS_VERSION } from '../../engine/events.ts';
import { eventsPage } from './events-page.ts';

const engine = resolve(import.meta.dirname, '..', '..', 'engine');
const page = (): string => eventsPage(readFileSync(join(engine, 'events.ts'), 'utf8'));

test('EVENTS.md says what events.ts says; after a change, `npx vitest run tests/engine/events.test.ts -u` writes it anew', async () => {
  await expect(page()).toMatchFileSnapshot(join(engine, 'EVENTS.md'));
});

test('every event has a sentence, and so has every field whose name does not say it all', () => {
  const plain = [
    'node',
    'line',
    'text',
    'kind',
    'name',
    'title',
    'columns',
    'rows',
    'seconds',
    'summary',
    'failure',
    'headline',
    'facts',
    'hint',
  ];
  const silent = [...page().matchAll(/^\| `(\w+)\??` \|.*\| {2}\|$/gm)].map(([, field]) => field!);
  expect(silent.filter((field) => !plain.includes(field))).toEqual([]);
  expect(page()).not.toMatch(/^## .*\n\n\n/m);
});

test('a line has the event first, its fields in their order, and the time last', () => {
  expect(eventLine({ time: 7, event: 'node-log', node: 'encoder', line: 'hello' })).toBe(
    '{"event":"node-log","node":"encoder","line":"hello","time":7}',
  );
});

test('the page names the version that run-started tells', () => {
  expect(page()).toContain(`## Version ${EVENTS_VERSION}\n`);
});
