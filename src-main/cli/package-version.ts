import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { z } from 'zod';

const Package = z.looseObject({ version: z.string() });

/** The version of an installed package; null where it is not installed. */
export function packageVersion(name: string): string | null {
  try {
    const file = findPackageJSON(name, import.meta.url);
    return file === undefined ? null : Package.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
  } catch {
    return null;
  }
}
