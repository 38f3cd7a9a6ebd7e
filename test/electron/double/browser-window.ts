import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type {
  BrowserWindow as RealWindow,
  BrowserWindowConstructorOptions,
  WebContents as RealContents,
  WebFrameMain as RealFrame,
} from 'electron';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { openBrowser } from '../../support/page/browser.ts';
import type { FromPage, ToPage } from '../in-page/renderer-modules.ts';
import { fromText, toText } from '../in-page/structured-text.ts';
import { Emitter } from './emitter.ts';
import { FarPorts, type MessagePortMain } from './ports.ts';
import { app, defaultSession, ipcMain, PERMISSIONS, protocol } from './modules.ts';

/** What the own protocol's addresses are in the browser, which knows no such protocol. */
const ADDRESS_HERE = 'https://app.layerbench.test';

/** Windows that are open. */
export const windows = new Set<BrowserWindow>();

let browser: Promise<Browser> | undefined;
let contentsCount = 0;

/** Ends the browser, after the last test. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

function addressHere(address: string): string {
  const { pathname, search, hash } = new URL(address);
  return `${ADDRESS_HERE}${pathname}${search}${hash}`;
}

/** The address as Electron has it. */
function electronAddress(address: string): string {
  return address.startsWith(ADDRESS_HERE) ? address.replace(ADDRESS_HERE, 'layerbench://app') : address;
}

/** The bridge and the modules it may ask for, as one script. */
function bridgeScript(preload: string): string {
  const folder = join(import.meta.dirname, '../in-page');
  const [codec, modules] = ['structured-text.ts', 'renderer-modules.ts'].map((file) =>
    stripTypeScriptTypes(readFileSync(join(folder, file), 'utf8'))
      .replace(/^import .*$/gm, '')
      .replace(/^export /gm, ''),
  );
  // Electron gives the bridge to a window's own frame alone.
  return `if (window.top === window) (() => { ${codec ?? ''}
    ${modules ?? ''}
    (function (require, process, module, exports) { ${readFileSync(preload, 'utf8')}
    })(rendererRequire(), { platform: ${JSON.stringify(process.platform)} }, { exports: {} }, {});
  })();`;
}

class Frame implements Pick<RealFrame, 'postMessage' | 'url'> {
  readonly parent = null;
  readonly #contents: WebContents;

  constructor(contents: WebContents) {
    this.#contents = contents;
  }

  get url(): string {
    return this.#contents.getURL();
  }

  postMessage(channel: string, message: unknown, transfer: readonly unknown[] = []): void {
    this.#contents.deliver(channel, message, transfer as readonly MessagePortMain[]);
  }
}

/** A page in a real browser. */
export class WebContents
  extends Emitter
  implements Pick<RealContents, 'id' | 'getURL' | 'reload' | 'setWindowOpenHandler'>
{
  readonly id = ++contentsCount;
  readonly mainFrame = new Frame(this);
  /** Addresses of windows that the page asked for, and whether they were opened. */
  readonly asked: { readonly url: string; readonly isOpened: boolean }[] = [];
  readonly #preload: string | undefined;
  #context: BrowserContext | undefined;
  #page: Page | undefined;
  #openHandler: Parameters<RealContents['setWindowOpenHandler']>[0] | undefined;
  #address = '';
  #sending: Promise<unknown> = Promise.resolve();
  readonly #ports = new FarPorts({
    message: (port, message) => {
      this.#send({ kind: 'port', port, message });
    },
    close: (port) => {
      this.#send({ kind: 'close', port });
    },
  });

  constructor(preload: string | undefined) {
    super();
    this.#preload = preload;
  }

  /** The page itself; undefined before it is loaded. */
  get page(): Page | undefined {
    return this.#page;
  }

  getURL(): string {
    return electronAddress(this.#page?.url() ?? '');
  }

  setWindowOpenHandler(handler: Parameters<RealContents['setWindowOpenHandler']>[0]): void {
    this.#openHandler = handler;
  }

  reload(): void {
    void this.#page?.reload();
  }

  async load(address: string): Promise<void> {
    browser ??= openBrowser();
    const context = await (await browser).newContext();
    this.#context = context;
    await context.grantPermissions(this.#permissions(address));
    await context.route('**/*', (route) => this.#answer(route));
    const page = await context.newPage();
    this.#page = page;
    page.on('popup', (popup) => {
      void this.#asked(popup);
    });
    page.on('crash', () => {
      this.tell('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    });
    if (this.#preload !== undefined) {
      await context.exposeBinding('toElectron', (_source, text: string) => this.#receive(text));
      await context.addInitScript({ content: bridgeScript(this.#preload) });
    }
    this.#address = addressHere(address);
    await page.goto(this.#address);
  }

  async close(): Promise<void> {
    this.#ports.closeAll();
    await this.#context?.close();
  }

  deliver(channel: string, message: unknown, transfer: readonly MessagePortMain[]): void {
    const ports = transfer.map((port) => this.#ports.hand(port));
    this.#send({ kind: 'message', channel, message, ports });
  }

  #send(message: ToPage): void {
    const text = toText(message);
    this.#sending = this.#sending.then(() =>
      // A page that was left meanwhile hears nothing.
      this.#page?.evaluate(`window.fromElectron(${JSON.stringify(text)})`).catch(() => undefined),
    );
  }

  async #receive(text: string): Promise<string> {
    const told = fromText(text) as FromPage;
    if (told.kind === 'port') this.#ports.message(told.port, told.message);
    else if (told.kind === 'close') this.#ports.close(told.port);
    else {
      const event = { sender: this, senderFrame: this.mainFrame };
      return toText(await ipcMain.receive(told.kind, told.channel, event, told.given));
    }
    return toText(null);
  }

  #permissions(address: string): string[] {
    const contents = { getURL: () => address };
    return Object.entries(PERMISSIONS)
      .filter(([name]) => defaultSession.permits(contents, name))
      .map(([, here]) => here);
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const url = electronAddress(request.url());
    if (request.isNavigationRequest()) {
      const isMainFrame = request.frame() === this.#page?.mainFrame();
      const isAskedFor =
        isMainFrame && request.url() === this.#address && this.#page?.url() === 'about:blank';
      const details = { url, isMainFrame, frame: this.mainFrame };
      const isRefused =
        !isAskedFor &&
        (this.ask('will-frame-navigate', details) || (isMainFrame && this.ask('will-navigate', details)));
      if (isRefused) {
        await route.abort('aborted');
        return;
      }
      // What is left takes its ports with it.
      if (isMainFrame) this.#ports.closeAll();
    }
    const answer = url.startsWith('layerbench:') ? await protocol.answer(url, request.method()) : undefined;
    if (answer === undefined) {
      await route.abort('addressunreachable');
      return;
    }
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    });
  }

  async #asked(popup: Page): Promise<void> {
    const url = electronAddress(popup.url());
    const answer = this.#openHandler?.({
      url,
      frameName: '',
      features: '',
      disposition: 'new-window',
      referrer: { url: this.getURL(), policy: 'no-referrer' },
    });
    const isOpened = answer?.action === 'allow';
    if (!isOpened) await popup.close();
    this.asked.push({ url, isOpened });
    this.tell('window-asked');
  }
}

/** A window: its page is real, its frame is not. */
export class BrowserWindow
  extends Emitter
  implements
    Pick<
      RealWindow,
      | 'show'
      | 'focus'
      | 'close'
      | 'restore'
      | 'maximize'
      | 'isMaximized'
      | 'isMinimized'
      | 'isVisible'
      | 'getNormalBounds'
      | 'loadURL'
    >
{
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents: WebContents;
  /** Settled when its page has been loaded. */
  loaded: Promise<void> = Promise.resolve();
  isFocused = false;
  minimized = false;
  #isVisible: boolean;
  #isMaximized = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    const { preload, contextIsolation } = options.webPreferences ?? {};
    // As Electron has it: nothing can be exposed where there is one world only.
    if (contextIsolation === false)
      throw new Error('contextBridge API can only be used when contextIsolation is on.');
    this.options = options;
    this.#isVisible = options.show ?? true;
    this.webContents = new WebContents(preload);
    windows.add(this);
    app.tell('web-contents-created', {}, this.webContents);
  }

  loadURL(address: string): Promise<void> {
    this.loaded = this.webContents.load(address).then(() => {
      this.tell('ready-to-show');
    });
    return this.loaded;
  }

  show(): void {
    this.#isVisible = true;
  }

  isVisible(): boolean {
    return this.#isVisible;
  }

  focus(): void {
    this.isFocused = true;
  }

  isMinimized(): boolean {
    return this.minimized;
  }

  restore(): void {
    this.minimized = false;
  }

  maximize(): void {
    this.#isMaximized = true;
  }

  isMaximized(): boolean {
    return this.#isMaximized;
  }

  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    const { x = 40, y = 30, width = 800, height = 600 } = this.options;
    return { x, y, width, height };
  }

  close(): void {
    if (!windows.has(this) || this.ask('close')) return;
    windows.delete(this);
    app.closing.push(this.loaded.catch(() => undefined).then(() => this.webContents.close()));
    this.tell('closed');
    if (windows.size === 0) app.tell('window-all-closed');
  }
}
