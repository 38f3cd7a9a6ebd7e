import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { answerPageRequest, isPageAddress } from '../../../src-main/desktop/page-protocol.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

/** The folder of a page, beside a file that is nobody's business. */
function pageFolder(): string {
  const root = temporaryFolder();
  const folder = join(root, 'page');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.json'), 'secret');
  mkdirSync(join(root, 'page-beside'));
  writeFileSync(join(root, 'page-beside/secret.json'), 'secret');
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets/a b.js'), 'script');
  writeFileSync(join(folder, 'assets/key.pem'), 'of no type that a page is made of');
  symlinkSync(join(root, 'secret.json'), join(folder, 'assets/link.json'));
  return folder;
}

function get(folder: string, url: string, method = 'GET'): Promise<Response> {
  return answerPageRequest(folder, { url, method });
}

test.each([
  ['layerbench://app/', 'text/html; charset=utf-8', '<!doctype html>'],
  ['layerbench://app/index.html', 'text/html; charset=utf-8', '<!doctype html>'],
  ['layerbench://app/index.html?a=1#/runs', 'text/html; charset=utf-8', '<!doctype html>'],
  ['layerbench://app/assets/a%20b.js', 'text/javascript; charset=utf-8', 'script'],
])('%s is answered', async (url, type, text) => {
  const response = await get(pageFolder(), url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect(await response.text()).toBe(text);
});

test('every answer says what the page may load, and that scripts are files of its own', async () => {
  for (const url of ['layerbench://app/', 'layerbench://app/gone.js']) {
    const policy = (await get(pageFolder(), url)).headers.get('content-security-policy')?.split('; ');
    expect(policy).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
  }
});

test.each([
  'layerbench://app/../secret.json',
  'layerbench://app/%2e%2e/secret.json',
  'layerbench://app/..%2fsecret.json',
  'layerbench://app/%2e%2e%2fsecret.json',
  'layerbench://app/assets/..%2f..%2fsecret.json',
  'layerbench://app/..%5csecret.json',
  'layerbench://app/..%c0%afsecret.json',
  'layerbench://app/%252e%252e%252fsecret.json',
  'layerbench://app/..%2fpage-beside/secret.json',
  'layerbench://app//secret.json',
  'layerbench://app/assets/link.json',
  'layerbench://app/assets/key.pem',
  'layerbench://app/assets',
  'layerbench://app/index.html%00.js',
  'layerbench://app/%',
  'layerbench://app/gone.js',
  'layerbench://other/index.html',
  'layerbench://app.example.com/index.html',
  'https://app/index.html',
  'file:///etc/passwd',
  'no address',
])('%s is not there', async (url) => {
  const response = await get(pageFolder(), url);
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('');
});

test('nothing can be sent', async () => {
  expect((await get(pageFolder(), 'layerbench://app/', 'POST')).status).toBe(405);
});

describe('an address of the page', () => {
  test.each([
    ['layerbench://app/index.html#/runs', true],
    ['layerbench://app', true],
    ['layerbench://app.example.com/', false],
    ['layerbench://app@example.com/', false],
    ['layerbench://app:80/', false],
    ['layerbench:app/index.html', false],
    ['https://app/', false],
    ['javascript:alert(1)', false],
    ['data:text/html,layerbench://app', false],
    ['about:blank', false],
    ['', false],
  ])('%s: %s', (address, isOne) => {
    expect(isPageAddress(address)).toBe(isOne);
  });
});
