import { mkdirSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '../../../src-preload/rpc/client.ts';
import { encodeMessage } from '../../../src-preload/rpc/message-encoding.ts';
import { webSocketTransport } from '../../../src-preload/rpc/web-socket.ts';
import { createAccess, isLoopback, linkHost } from '../../../src-main/server/access.ts';
import { type PageServer, startServer } from '../../../src-main/server/main.ts';
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

async function cookie(of = server): Promise<string> {
  const answer = await fetch(of.link, { redirect: 'manual' });
  return String(answer.headers.get('set-cookie')).split(';')[0] ?? '';
}

function socket(headers: Record<string, string>, path = '/api', of = server): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const opened = new WebSocket(`ws://127.0.0.1:${of.port}${path}`, { headers });
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
      expect(answer.headers['cross-origin-embedder-policy']).toBe('require-corp');
      expect(answer.headers['x-permitted-cross-domain-policies']).toBe('none');
    }
  });

  test('a socket that is refused is refused with them too', async () => {
    const refused = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = new WebSocket(`ws://127.0.0.1:${server.port}/api`);
      asked.once('unexpected-response', (_, response) => {
        resolve(response);
      });
      asked.once('open', reject);
    });
    refused.resume();
    expect(refused.statusCode).toBe(403);
    expect(refused.headers['content-security-policy']).toContain("default-src 'none'");
    expect(refused.headers['x-frame-options']).toBe('DENY');
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

  test('a flood of messages ends its connection at once, and what comes after is not answered', async () => {
    let answered = 0;
    const flooded = await startServer({
      folder: temporaryFolder(),
      handlers: handlersWith({
        calls: {
          about: () => {
            answered++;
            return { appVersion: '1', dataFolder: 'here', notice: null };
          },
        },
      }),
      host: '127.0.0.1',
      port: 0,
      onFailure: (error) => failures.push(error),
    });
    onTestFinished(() => flooded.close());
    const known = await cookie(flooded);
    const own = await socket({ cookie: known, origin: `http://127.0.0.1:${flooded.port}` }, '/api', flooded);
    // This side does not answer a close: it goes on sending until the connection is gone.
    const gone = new Promise<number>((resolve) => own.once('close', resolve));
    own.on('error', () => undefined);
    for (let sent = 0; sent < 20_000; sent++)
      own.send(encodeMessage({ kind: 'call', id: sent, name: 'about', params: {} }));
    expect(await gone).toBe(1006);
    expect(answered).toBeGreaterThan(0);
    // The burst, what comes in each second, and the message that ended it.
    expect(answered).toBeLessThan(5000);
    expect(failures).toEqual([]);
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

  test('connections that never ask who they are have an end too', async () => {
    const most = 512;
    const idle = await Promise.all(
      Array.from({ length: most }, () => {
        const one = connect(server.port, '127.0.0.1');
        onTestFinished(() => {
          one.destroy();
        });
        one.on('error', () => undefined);
        return new Promise<typeof one>((resolve) => {
          one.once('connect', () => {
            resolve(one);
          });
        });
      }),
    );
    const further = connect(server.port, '127.0.0.1');
    further.on('error', () => undefined);
    await new Promise((resolve) => further.once('close', resolve));
    for (const one of idle) one.destroy();
    await expect
      .poll(() =>
        ask('/').then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(401);
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

test('a request that comes a byte at a time is ended, and connections that ask for nothing are too', async () => {
  const hasty = await startServer({
    folder: temporaryFolder(),
    handlers: handlersWith({}),
    host: '127.0.0.1',
    port: 0,
    onFailure: (error) => failures.push(error),
    requestMs: 200,
  });
  onTestFinished(() => hasty.close());
  const ends = [
    'GET / HTTP/1.1\r\nHost: ',
    '',
    `POST / HTTP/1.1\r\nHost: x:${hasty.port}\r\nContent-Length: 9\r\n\r\nhalf`,
  ].map(
    (beginning) =>
      new Promise<void>((resolve) => {
        const slow = connect(hasty.port, '127.0.0.1');
        slow.on('error', () => undefined);
        slow.on('data', () => undefined);
        slow.once('close', () => {
          resolve();
        });
        if (beginning !== '') slow.write(beginning);
      }),
  );
  await Promise.all(ends);
});

describe('where it can be reached', () => {
  const known = networkInterfaces();
  const outside = Object.values(known)
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

  async function linkOf(host: string): Promise<PageServer> {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'index.html'), 'the page');
    const started = await startServer({
      folder,
      handlers: handlersWith({}),
      host,
      port: 0,
      onFailure: (error) => failures.push(error),
    });
    onTestFinished(() => started.close());
    return started;
  }

  test.each(['127.0.0.1', '127.0.0.2', 'localhost', '::1', '0.0.0.0', '::'])(
    'the link of a server on %s lets in',
    async (host) => {
      const isAbsent = process.platform === 'darwin' && host === '127.0.0.2';
      if (isAbsent) return;
      const { link, isExposed } = await linkOf(host);
      expect((await fetch(link)).status).toBe(200);
      expect(isExposed).toBe(host === '0.0.0.0' || host === '::');
    },
  );

  test.skipIf(outside === undefined)(
    'of all addresses the link names one that others can reach',
    async () => {
      const { link, port } = await linkOf('0.0.0.0');
      expect(new URL(link).host).toBe(`${outside ?? ''}:${port}`);
    },
  );

  function isForUs(bound: { host: string; address: string; port: number }, host: string): boolean {
    return createAccess(bound).isForUs({ headers: { host } });
  }

  test('on the usual port of http a browser leaves it away', () => {
    const usual = { host: '127.0.0.1', address: '127.0.0.1', port: 80 };
    expect(isForUs(usual, '127.0.0.1')).toBe(true);
    expect(isForUs(usual, 'localhost:80')).toBe(true);
    expect(isForUs(usual, 'evil.example')).toBe(false);
    expect(isForUs({ ...usual, port: 8080 }, '127.0.0.1')).toBe(false);
  });

  test('by the name of the machine only where others can reach it', () => {
    const name = `${hostname().split('.')[0] ?? ''}.local`;
    const every = { host: '0.0.0.0', address: '0.0.0.0', port: 7470 };
    for (const host of [name, name.toUpperCase(), hostname()])
      expect(isForUs(every, `${host}:7470`), host).toBe(true);
    expect(isForUs(every, 'evil.local:7470')).toBe(false);
    const own = { host: '127.0.0.1', address: '127.0.0.1', port: 7470 };
    expect(isForUs(own, `${name}:7470`)).toBe(false);
  });

  test('an address of the sixth version stands in brackets', () => {
    expect(linkHost({ host: 'fd00::7', address: 'fd00::7' })).toBe('[fd00::7]');
    expect(isForUs({ host: 'fd00::7', address: 'fd00::7', port: 7470 }, '[fd00::7]:7470')).toBe(true);
  });
});

test('only addresses of this machine alone are loopback', () => {
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1'])
    expect(isLoopback(host), host).toBe(true);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', 'localhost.example'])
    expect(isLoopback(host), host).toBe(false);
});
