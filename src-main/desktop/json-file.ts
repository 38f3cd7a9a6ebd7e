import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/** What a file holds; undefined where it is not there, cannot be read or is not of the schema. */
export function readJsonFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/**
 * Puts a value in a file, whole or not at all. Where that fails nothing is thrown: what is kept here is a comfort, and
 * no reason to stop.
 */
export function writeJsonFile(file: string, value: unknown): void {
  const beside = `${file}.${process.pid}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(beside, JSON.stringify(value));
    renameSync(beside, file);
  } catch {
    // As said above.
  }
}
