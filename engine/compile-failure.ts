// What the bundler could not do → a sentence for the user with file, line and column. Anything it does not know stays a bug.
import { readFileSync } from 'node:fs';
import { frame } from './compile-source.ts';
import { isKithError, KithError } from './errors.ts';

/** What the bundler says of one error. */
interface Report {
  readonly code?: string;
  readonly message: string;
  readonly id?: string;
  readonly exporter?: string;
  readonly loc?: { readonly line: number; readonly column: number; readonly file?: string };
}

interface Reading {
  /** A module's name for people. */
  readonly label: (id: string) => string;
}

/** The user's mistake behind a failed build, or the error itself. */
export function bundlingFailure(error: unknown, reading: Reading): unknown {
  if (isKithError(error)) return error;
  const report = (error as { errors?: readonly Report[] }).errors?.[0] ?? (error as Report);
  const file = report.loc?.file ?? report.id;
  const shown = file === undefined ? 'the pipeline' : reading.label(file);
  const what = explanation(report);
  switch (report.code) {
    case 'PARSE_ERROR':
      return refuse(`${shown} has a syntax error: ${what}.`, where(report, file, shown));
    case 'UNRESOLVED_IMPORT': {
      const specifier = report.exporter ?? /resolve '([^']+)'/.exec(report.message)?.[1] ?? 'a module';
      const local = /^[./]/.test(specifier);
      const hint = local ? 'Check the path; it is relative to the importing file and ends in .ts.' : `Install it: npm install ${specifier}`;
      return refuse(`${shown} imports ${specifier}, which cannot be found.`, where(report, file, shown, specifier), hint);
    }
    case 'MISSING_EXPORT':
      return refuse(
        `${shown} imports something that is not there: ${what}`,
        where(report, file, shown),
        'A type is imported with `import type`.',
      );
    default:
      return report.code === undefined || file === undefined
        ? error
        : refuse(`${shown} cannot be bundled: ${what}`, where(report, file, shown));
  }
}

function refuse(headline: string, facts: readonly string[], hint?: string): KithError {
  return new KithError(headline, { facts, ...(hint === undefined ? {} : { hint }), exitCode: 2 });
}

/** The first line of the bundler's message, without its code. */
function explanation({ message }: Report): string {
  return message.split('\n')[0]!.replace(/^\[\w+\]\s*/, '');
}

/** The position as a fact. The bundler may have seen a text with lines added at its end: then the specifier is looked for. */
function where({ loc }: Report, file: string | undefined, shown: string, specifier?: string): string[] {
  if (file === undefined) return [];
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  if (loc && loc.line <= lines.length && (specifier === undefined || lines[loc.line - 1]!.includes(specifier)))
    return [frame(shown, text, loc.line, loc.column + 1)];
  const line = lines.findIndex((each) => specifier !== undefined && each.includes(specifier));
  return line < 0 ? [shown] : [frame(shown, text, line + 1, lines[line]!.indexOf(specifier!))];
}
