// engine/events.ts → the page EVENTS.md, from its types and the comments above them. Reads syntax only; has no words of its own but the head.
import ts from 'typescript';

/** What every event and every stream of events has in common. */
const HEAD = `# Events

What \`kith run --json\`, \`kith replay --json\` and \`kith log --json\` print, what \`.kith/runs/<run>/events.jsonl\` holds, and what \`run\` of the
package yields: one JSON object a line, \`event\` first and \`time\` (milliseconds since 1970) last. A field with a \`?\` may be missing.
`;

/** The page for a source text. */
export function eventsPage(text: string): string {
  const source = ts.createSourceFile('events.ts', text, ts.ScriptTarget.Latest, true);
  const interfaces = source.statements.filter((each) => ts.isInterfaceDeclaration(each)).filter(isExported);
  const states = aliasOf(source, 'NodeState');
  return [
    HEAD,
    versionOf(source),
    ...eventsOf(source),
    '# Types\n',
    ...interfaces.map((each) => section(each.name.text, docOf(each), each.members.map(fieldOf))),
    `## NodeState\n\n${docOf(states)}\n\n${typeText(states.type)}\n`,
  ].join('\n');
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
}

function versionOf(source: ts.SourceFile): string {
  const statement = source.statements.find((each) => ts.isVariableStatement(each))!;
  return `## Version ${/= (\d+)/.exec(statement.getText())![1]!}\n\n${docOf(statement)}\n`;
}

/** A section for each event of the union, with the comment before it. */
function eventsOf(source: ts.SourceFile): string[] {
  const union = aliasOf(source, 'Happening').type as ts.UnionTypeNode;
  return union.types.map((member, at) => {
    const before = source.text.slice(union.types[at - 1]?.end ?? union.pos, member.getStart());
    const parts = ts.isParenthesizedTypeNode(member) ? (member.type as ts.IntersectionTypeNode).types : [member];
    const [event, ...fields] = parts.flatMap((part) =>
      ts.isTypeLiteralNode(part) ? part.members.map(fieldOf) : [{ name: '…', type: '', doc: `and the fields of ${typeText(part)}` }],
    );
    return section(event!.type.replaceAll("'", ''), commentIn(before), fields);
  });
}

function aliasOf(source: ts.SourceFile, name: string): ts.TypeAliasDeclaration {
  return source.statements.find((each): each is ts.TypeAliasDeclaration => ts.isTypeAliasDeclaration(each) && each.name.text === name)!;
}

function section(title: string, doc: string, fields: readonly Field[]): string {
  const rows = fields.map(({ name, type, doc: what }) => `| ${name} | ${type} | ${what} |`);
  return [`## ${title}`, '', doc, '', '| field | type | |', '|---|---|---|', ...rows, ''].join('\n');
}

function fieldOf(member: ts.TypeElement): Field {
  const { name, type, questionToken } = member as ts.PropertySignature;
  return { name: `\`${name.getText()}${questionToken ? '?' : ''}\``, type: typeText(type!), doc: docOf(member) };
}

/** A type as it is written, but for `readonly`; the types of the page are links. */
function typeText(node: ts.TypeNode): string {
  const text = node.getText().replaceAll('readonly ', '').replace(/\s+/g, ' ');
  const named = /^([A-Z]\w*)(\[\])?$/.exec(text);
  if (text === 'Plain') return 'any JSON';
  return named ? `[${text}](#${named[1]!.toLowerCase()})` : `\`${text.replaceAll('|', '\\|')}\``;
}

function docOf(node: ts.Node): string {
  const { text } = node.getSourceFile();
  const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  return commentIn(ranges.map(({ pos, end }) => text.slice(pos, end)).at(-1) ?? '');
}

/** The text of a doc comment, on one line. */
function commentIn(text: string): string {
  const comment = /\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? '';
  return comment
    .replace(/^\s*\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function isExported(node: ts.InterfaceDeclaration): boolean {
  return (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}
