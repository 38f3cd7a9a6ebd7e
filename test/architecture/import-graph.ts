import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { packageOf, refusal } from './import-table.ts';

/** One import in a file. */
export interface Import {
  /** A file relative to the project, with slashes, or the name of a package or of a module of Node. */
  readonly imported: string;
  /** Only types come of it: nothing is loaded. */
  readonly typeOnly: boolean;
  /** Counted from 1. */
  readonly line: number;
}

/** What every file that can be reached imports. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** Text by which code is started that nobody imports: a worker, beside the file that starts it. */
const STARTED = /\bnew URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g;

/**
 * The files that can be reached from entries, and what each of them imports: by `import` and `export … from`, of types
 * too, by `import()` and by functions with `require` in their name.
 * @param root of the project.
 * @param entries files relative to it.
 * @throws Error for a file that is imported and is not there.
 */
export function importGraph(root: string, entries: readonly string[]): ImportGraph {
  const graph = new Map<string, readonly Import[]>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (graph.has(file)) continue;
    const imports = importsOf(file, readFileSync(join(root, file), 'utf8'));
    graph.set(file, imports);
    waiting.push(
      ...imports
        .map(({ imported }) => imported)
        .filter((imported) => isSource(imported) && existsIn(root, imported)),
    );
  }
  return graph;
}

/** Every source file under folders, relative to the project. */
export function sourceFiles(root: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
          .filter(isSource)
      : [],
  );
}

/** The imports of one file. */
export function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(
    file,
    file.endsWith('.vue') ? scriptOf(text) : text,
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Import[] = [];

  function add(node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean): void {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push({ imported: resolved(file, specifier.text), typeOnly, line: line + 1 });
  }

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node) && loads(node.expression)) {
      add(node, node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  }

  visit(source);
  for (const match of text.matchAll(STARTED)) {
    const line = text.slice(0, match.index).split('\n').length;
    found.push({ imported: resolved(file, match[1] ?? ''), typeOnly: false, line });
  }
  return found;
}

/** The script of a component, on the lines that it stands on in the file. */
function scriptOf(component: string): string {
  const match = /<script[^>]*>([\s\S]*?)<\/script>/.exec(component);
  if (match === null) return '';
  const start = match.index + match[0].indexOf('>') + 1;
  return component.slice(0, start).replaceAll(/[^\n]/g, '') + (match[1] ?? '');
}

/** Whether a function loads the module that its first argument names. */
function loads(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return /require/i.test(callee.text);
  return (
    ts.isCallExpression(callee) &&
    ts.isIdentifier(callee.expression) &&
    callee.expression.text === 'createRequire'
  );
}

function resolved(file: string, specifier: string): string {
  return specifier.startsWith('.')
    ? posix.normalize(posix.join(posix.dirname(file), specifier))
    : packageOf(specifier);
}

function isSource(path: string): boolean {
  return /\.(ts|mjs|vue)$/.test(path);
}

function existsIn(root: string, file: string): boolean {
  if (existsSync(join(root, file))) return true;
  throw new Error(`${file} is imported and is not there.`);
}

/** One line for every import that the table refuses, with its file, its line and where to go instead. */
export function refusedImports(graph: ImportGraph): string[] {
  return [...graph].flatMap(([file, imports]) =>
    imports.flatMap(({ imported, line }) => {
      const message = refusal(file, imported);
      return message === undefined ? [] : [`${file}:${line} imports ${imported}. ${message}`];
    }),
  );
}

/**
 * The shortest chains, one a file or package, from an entry to what it must not load: a line each, such as
 * `src-main/cli/main.ts → src-main/cli/train.ts → sharp`. Imports of types load nothing.
 */
export function leaks(
  graph: ImportGraph,
  entry: string,
  isForbidden: (reached: string) => boolean,
): string[] {
  const cameFrom = new Map<string, string | undefined>([[entry, undefined]]);
  const found: string[] = [];
  for (const file of cameFrom.keys()) {
    for (const { imported, typeOnly } of graph.get(file) ?? []) {
      if (typeOnly || cameFrom.has(imported)) continue;
      cameFrom.set(imported, file);
      if (isForbidden(imported)) found.push(chain(cameFrom, imported));
    }
  }
  return found;
}

function chain(cameFrom: ReadonlyMap<string, string | undefined>, last: string): string {
  const links = [last];
  for (let file = cameFrom.get(last); file !== undefined; file = cameFrom.get(file)) links.unshift(file);
  return links.join(' → ');
}
