// Places in the modules of a project, by TypeScript's own syntax tree, and texts with something else in such a place.
import ts from 'typescript';
import type { Files } from './oracle.ts';

/** A whole number in [0, below). */
export type Draw = (below: number) => number;

/** Files that an edit replaces or adds; undefined where the project offers no place for it. */
export type Edit = (files: Files, draw: Draw) => Files | undefined;

export const SOURCES = /^((lib|nodes)\/.*|pipeline)\.ts$/;

export function pick<T>(list: readonly T[], draw: Draw): T | undefined {
  return list[draw(list.length)];
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

export function sources(files: Files): ts.SourceFile[] {
  return Object.keys(files)
    .filter((path) => SOURCES.test(path))
    .map((path) => parse(path, files[path]!));
}

export function descendants(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  ts.forEachChild(node, (child) => void found.push(child, ...descendants(child)));
  return found;
}

export function ancestors(node: ts.Node): ts.Node[] {
  return node.parent ? [node.parent, ...ancestors(node.parent)] : [];
}

export function replaced(source: ts.SourceFile, start: number, end: number, text: string): Files {
  return { [source.fileName]: source.text.slice(0, start) + text + source.text.slice(end) };
}

export function statementStarts(source: ts.SourceFile): number[] {
  return [source.getEnd(), ...source.statements.map((statement) => statement.getStart())];
}

export const added = (name: string, draw: Draw): string => `${name}${draw(1e9)}`;
