// @ts-check
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Whether a stamp file holds exactly this text.
 * @param {string} file
 * @param {string} text
 */
export function stampIs(file, text) {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}

/**
 * @param {string} file
 * @param {string} text
 */
export function writeStamp(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/**
 * A hash of the contents of files; one that is not there counts as empty.
 * @param {readonly string[]} files
 */
export function contentsHash(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    try {
      hash.update(readFileSync(file));
    } catch {
      hash.update('absent');
    }
  }
  return hash.digest('hex');
}

/**
 * A hash of the names, sizes and times of change of all files under folders.
 * @param {string} root
 * @param {readonly string[]} folders relative to the root; a file stands for itself
 */
export function listingHash(root, folders) {
  const hash = createHash('sha256');
  for (const folder of folders) addListing(hash, join(root, folder));
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} path
 */
function addListing(hash, path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory()) {
    for (const name of readdirSync(path).sort()) addListing(hash, join(path, name));
  } else {
    hash.update(`${path}:${found.size}:${found.mtimeMs}\n`);
  }
}
