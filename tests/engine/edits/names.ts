// Edits of names, made as an editor makes them: by TypeScript's language service.
import ts from 'typescript';
import type { Files } from './oracle.ts';
import { added, ancestors, descendants, pick, SOURCES, type Edit } from './syntax.ts';

/** Another name for something, wherever it is named, as an editor does it. */
export function rename(what: 'local' | 'helper'): Edit {
  return (files, draw) => {
    const service = serviceOf(files);
    const program = service.getProgram()!;
    const names = Object.keys(files)
      .filter((path) => SOURCES.test(path))
      .flatMap((path) => descendants(program.getSourceFile(path)!))
      .filter((node): node is ts.Identifier => ts.isIdentifier(node) && (what === 'local' ? isLocal(node) : isHelper(node)));
    const name = pick(names, draw);
    if (!name) return undefined;
    const path = name.getSourceFile().fileName;
    const found = service.findRenameLocations(path, name.getStart(), false, false, { providePrefixAndSuffixTextForRename: true }) ?? [];
    const to = added('renamed', draw);
    const texts: Record<string, string> = {};
    for (const { fileName, textSpan, prefixText = '', suffixText = '' } of [...found].sort((a, b) => b.textSpan.start - a.textSpan.start)) {
      const text = texts[fileName] ?? files[fileName]!;
      texts[fileName] = `${text.slice(0, textSpan.start)}${prefixText}${to}${suffixText}${text.slice(textSpan.start + textSpan.length)}`;
    }
    return Object.keys(texts).length > 0 ? texts : undefined;
  };
}

/** A variable or parameter inside a function. */
function isLocal(name: ts.Identifier): boolean {
  const { parent } = name;
  const declares = (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent)) && parent.name === name;
  const isMember = ts.isParameter(parent) && ts.isParameterPropertyDeclaration(parent, parent.parent);
  return declares && !isMember && ancestors(parent).some((node) => ts.isFunctionLike(node));
}

/** A function, class or constant of a module in lib/ that no edit and no lazy import calls by its name. */
function isHelper(name: ts.Identifier): boolean {
  const { parent } = name;
  const declares =
    (ts.isFunctionDeclaration(parent) || ts.isClassDeclaration(parent) || ts.isVariableDeclaration(parent)) && parent.name === name;
  const inside = ancestors(parent).some((node) => ts.isFunctionLike(node) || ts.isBlock(node));
  return declares && !inside && /^lib\/(?!lazy|extra)/.test(name.getSourceFile().fileName);
}

function serviceOf(files: Files): ts.LanguageService {
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => ({
      noLib: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      noEmit: true,
    }),
    getScriptFileNames: () => Object.keys(files).filter((path) => SOURCES.test(path)),
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => (files[path] === undefined ? undefined : ts.ScriptSnapshot.fromString(files[path])),
    getCurrentDirectory: () => '',
    getDefaultLibFileName: () => '',
    fileExists: (path) => path in files,
    readFile: (path) => files[path],
  };
  return ts.createLanguageService(host);
}
