import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { sourceFiles } from './import-graph.ts';

const ROOT = join(import.meta.dirname, '../..');

function configOf(file: string): ts.ParsedCommandLine {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  };
  const parsed = ts.getParsedCommandLineOfConfigFile(file, {}, host);
  if (parsed === undefined) throw new Error(`${file} cannot be read.`);
  return parsed;
}

/** The configuration files that `tsc --build` goes through. */
function buildConfigs(file = join(ROOT, 'tsconfig.json')): string[] {
  const references = configOf(file).projectReferences ?? [];
  const files = references.map(({ path }) => (path.endsWith('.json') ? path : join(path, 'tsconfig.json')));
  return [...new Set([file, ...files.flatMap((reference) => buildConfigs(reference))])];
}

/** What the compiler says to a text in a file of its own in a layer, beside all that the layer itself brings in. */
function errorsIn(config: string, text: string): string[] {
  const { options, fileNames } = configOf(join(ROOT, config));
  const sample = join(ROOT, dirname(config), 'sample-that-is-not-there.ts');
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (path) => path === sample || onDisk.fileExists(path);
  host.getSourceFile = (path, version) =>
    path === sample ? ts.createSourceFile(path, text, version) : onDisk.getSourceFile(path, version);
  const program = ts.createProgram([...fileNames, sample], options, host);
  const source = program.getSourceFile(sample);
  if (source === undefined) throw new Error('The sample was not read.');
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

/** The configuration of each layer, and names that it must not know. */
const LAYERS = [
  { config: 'src-preload/contract/tsconfig.json', foreign: ['process', 'document', 'Buffer', 'setTimeout'] },
  { config: 'src-preload/rpc/tsconfig.json', foreign: ['process', 'document', 'Buffer', 'WebSocket'] },
  { config: 'src-main/tsconfig.json', foreign: ['document', 'window', 'HTMLElement'] },
  { config: 'src-renderer/charts/tsconfig.json', foreign: ['document', 'window', 'process', 'Buffer'] },
  { config: 'src-renderer/charts/tsconfig.headless.json', foreign: ['document', 'window'] },
  { config: 'src-renderer/tsconfig.json', foreign: ['process', 'Buffer', 'require'] },
];

describe.each(LAYERS)('$config', ({ config, foreign }) => {
  test('does not compile what its layer must not know', () => {
    const text = foreign.map((name) => `export const of_${name} = ${name};`).join('\n');
    const errors = errorsIn(config, text);
    expect(errors).toHaveLength(foreign.length);
    for (const name of foreign) {
      expect(errors).toContainEqual(expect.stringMatching(new RegExp(`^Cannot find name '${name}'`)));
    }
  });

  test('compiles the language', () => {
    expect(errorsIn(config, 'export const last = [1, 2, 3].findLast((one) => one > 1);')).toEqual([]);
  });
});

test('what a layer may know does compile', () => {
  expect(errorsIn('src-main/tsconfig.json', 'export const id = process.pid;')).toEqual([]);
  expect(errorsIn('src-renderer/tsconfig.json', 'export const title = document.title;')).toEqual([]);
});

test('every source file is checked, and by one layer alone', () => {
  const checked = buildConfigs().flatMap((config) =>
    configOf(config).fileNames.map((file) => relative(ROOT, file).replaceAll('\\', '/')),
  );
  const files = sourceFiles(ROOT, [
    'src-main',
    'src-preload',
    'src-renderer',
    'resources/setup',
    'test',
  ]).filter((file) => !file.endsWith('.d.mts') && !file.endsWith('.vue'));
  expect(files.filter((file) => !checked.includes(file))).toEqual([]);
  expect(files.filter((file) => checked.indexOf(file) !== checked.lastIndexOf(file))).toEqual([]);
  for (const file of checked) expect(existsSync(join(ROOT, file)), file).toBe(true);
});
