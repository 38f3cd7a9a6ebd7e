import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import packageFile from '../../../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../../..');

/** Names of the list's first column; `*` stands for any letters. */
function listed(): string[] {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const table = text.slice(text.indexOf('## Dependencies that reach users'));
  return table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

function isNamedBy(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

test('every package that reaches users is listed, with why it does', () => {
  const names = listed();
  const installed = { ...packageFile.dependencies, ...packageFile.optionalDependencies };
  const missing = Object.keys(installed).filter((name) => !names.some((one) => isNamedBy(name, one)));
  expect(missing).toEqual([]);
});

test('nothing is listed that is not there', () => {
  const { dependencies, optionalDependencies, devDependencies } = packageFile;
  const known = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
  const setUp = readFileSync(join(ROOT, 'resources/setup/native-library.mjs'), 'utf8');
  const gone = listed().filter(
    (one) => !known.some((name) => isNamedBy(name, one)) && !setUp.includes(`'${one}@`),
  );
  expect(gone).toEqual([]);
});
