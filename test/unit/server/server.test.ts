import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '../../../src-preload/rpc/client.ts';
import { encodeMessage } from '../../../src-preload/rpc/message-encoding.ts';
import { webSocketTransport } from '../../../src-preload/rpc/web-socket.ts';
import { isLoopback, type PageServer, startServer } from '../../../src-main/server/main.ts';
import { handlersWith } from '../../support/rpc/sample-handlers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

let server: PageServer;
let failures: unknown[];

beforeEach(async () => {
  const outer = temporaryFolder();
  const folder = join(outer, 'page');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), 'the page');
  writeFileSync(join(folder, 'assets', 'main-1.js'), 'the script');
  writeFileSync(join(outer, 'secret.txt'), 'the secret');
  failures = [];
  server = await startServer({
    folder,
    handlers: handlersWith({
      calls: { about: () => ({ appVersion: '1', dataFolder: 'here', notice: null }) },
    }),
    host: '127.0.0.1',
    port: 0,
    onFailure: (error) => failures.push(error),
  });
  onTestFinished(() => server.close());
});

/** A request whose path and headers go out exactly as they are given. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: server.port,
        path,
        method,
        headers: { host: `127.0.0.1:${server.port}`, ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

async function cookie(): Promise<string> {
  const { headers } = await ask(new URL(server.link).search.replace(/^/, '/'));
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

function socket(headers: Record<string, string>, path = '/api'): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const opened = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    onTestFinished(() => {
      opened.terminate();
    });
    opened.once('open', () => {
      resolve(opened);
    });
    opened.once('error', reject);
  });
}

function origin(): string {
  return `http://127.0.0.1:${server.port}`;
}

describe('who comes in', () => {
  test('nobody without the token', async () => {
    for (const path of ['/', '/assets/main-1.js', '/?token=', '/?token=wrong', '/index.html?token=wrong']) {
      expect((await ask(path)).status, path).toBe(401);
    }
  });

  test('the token is traded for a cookie that no script and no other site can use', async () => {
    const answer = await ask(`/${new URL(server.link).search}`);
    expect(answer.status).toBe(200);
    const set = String(answer.headers['set-cookie']);
    expect(set).toMatch(/; HttpOnly/);
    expect(set).toMatch(/; SameSite=Strict/);
    // The token is not what is kept: who reads the cookie jar cannot make links.
    expect(set).not.toContain(new URL(server.link).searchParams.get('token'));
    expect((await ask('/', { cookie: await cookie() })).text).toBe('the page');
  });

  test('no other name for this machine (DNS rebinding)', async () => {
    const known = await cookie();
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      '127.0.0.1',
      `127.0.0.1.nip.io:${server.port}`,
    ]) {
      expect((await ask('/', { cookie: known, host })).status, host).not.toBe(200);
    }
    expect((await ask('/', { cookie: known, host: `localhost:${server.port}` })).status).toBe(200);
  });

  test('no socket of another site, nor one without the cookie', async () => {
    const known = await cookie();
    await expect(socket({ cookie: known, origin: 'http://evil.example' })).rejects.toThrow('403');
    await expect(socket({ cookie: known })).rejects.toThrow('403');
    await expect(socket({ cookie: known, origin: 'null' })).rejects.toThrow('403');
    await expect(socket({ origin: origin() })).rejects.toThrow('401');
    await expect(socket({ cookie: known, origin: origin() }, '/other')).rejects.toThrow('404');
    const own = await socket({ cookie: known, origin: origin() });
    const client = createClient(webSocketTransport(own));
    expect(await client.call('about', {})).toEqual({
      appVersion: '1',
      dataFolder: 'here',
      notice: null,
    });
  });
});

describe('what can be asked for', () => {
  test('nothing beside the page, however its path is spelt', async () => {
    const known = await cookie();
    const ups = [
      '..',
      '%2e%2e',
      '%2E%2E',
      '.%2e',
      '..%2f',
      '..%5c',
      '%252e%252e',
      '..\\',
      '....//',
      '%c0%ae%c0%ae',
      '..;',
      '%00..',
    ];
    for (const up of ups) {
      for (const path of [
        `/${up}/secret.txt`,
        `/assets/${up}/${up}/secret.txt`,
        `/${up}/${up}/${up}/etc/passwd`,
        `//${up}/secret.txt`,
      ]) {
        const { status, text } = await ask(path, { cookie: known });
        expect(text, path).not.toContain('secret\n');
        expect(text, path).not.toBe('the secret');
        expect(text, path).not.toContain('root:');
        expect([200, 400, 404], path).toContain(status);
      }
    }
  });

  test('addresses that are none are refused, and the server goes on', async () => {
    for (const path of ['//', '///', '/%', '/%zz', 'http://[::1', '*']) {
      expect((await ask(path)).status, path).toBeGreaterThanOrEqual(400);
    }
    expect((await ask('/', { cookie: await cookie() })).status).toBe(200);
  });

  test('only by GET and HEAD', async () => {
    const known = await cookie();
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      expect((await ask('/', { cookie: known }, method)).status).toBe(405);
    }
  });

  test('every answer has the headers that keep a page to itself', async () => {
    for (const answer of [
      await ask('/'),
      await ask('/', { cookie: await cookie() }),
      await ask('/', { host: 'x' }),
    ]) {
      const policy = String(answer.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['x-frame-options']).toBe('DENY');
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
      expect(answer.headers['cross-origin-opener-policy']).toBe('same-origin');
    }
  });
});

describe('limits', () => {
  test('a message that is too large ends its connection alone', async () => {
    const known = await cookie();
    const [greedy, modest] = await Promise.all([
      socket({ cookie: known, origin: origin() }),
      socket({ cookie: known, origin: origin() }),
    ]);
    const closed = new Promise<number>((resolve) => greedy.once('close', resolve));
    greedy.on('error', () => undefined);
    greedy.send(new Uint8Array(9_000_000));
    expect(await closed).toBe(1009);
    expect(await createClient(webSocketTransport(modest)).call('about', {})).toMatchObject({
      appVersion: '1',
    });
  });

  test('a flood of messages ends its connection', async () => {
    const own = await socket({ cookie: await cookie(), origin: origin() });
    const closed = new Promise<number>((resolve) => own.once('close', resolve));
    for (let sent = 0; sent < 3000; sent++) own.send(encodeMessage({ kind: 'leave', id: sent }));
    expect(await closed).toBe(1008);
  });

  test('more connections than there can be windows are refused', async () => {
    const known = await cookie();
    const opened = await Promise.all(
      Array.from({ length: 64 }, () => socket({ cookie: known, origin: origin() })),
    );
    await expect(socket({ cookie: known, origin: origin() })).rejects.toThrow('503');
    const closed = new Promise((resolve) => opened[0]?.once('close', resolve));
    opened[0]?.close();
    await closed;
    await expect
      .poll(() =>
        socket({ cookie: known, origin: origin() }).then(
          () => 'open',
          () => 'refused',
        ),
      )
      .toBe('open');
  });

  test('half a request does not hold the server', async () => {
    const half = connect(server.port, '127.0.0.1');
    onTestFinished(() => {
      half.destroy();
    });
    half.write('GET / HTTP/1.1\r\nHost: ');
    expect((await ask('/')).status).toBe(401);
  });
});

test('only addresses of this machine alone are loopback', () => {
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1'])
    expect(isLoopback(host), host).toBe(true);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', 'localhost.example'])
    expect(isLoopback(host), host).toBe(false);
});
