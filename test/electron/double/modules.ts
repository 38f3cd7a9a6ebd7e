import type * as Electron from 'electron';
import { Emitter } from './emitter.ts';

/** Permissions that are tried on the browser: their names in Electron, and there. */
export const PERMISSIONS: Readonly<Record<string, string>> = {
  'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write',
  geolocation: 'geolocation',
  media: 'camera',
  midi: 'midi',
  notifications: 'notifications',
};

interface Ending {
  readonly code: number;
}

class App
  extends Emitter
  implements
    Pick<
      Electron.App,
      'whenReady' | 'requestSingleInstanceLock' | 'quit' | 'exit' | 'setPath' | 'enableSandbox' | 'isPackaged'
    >
{
  readonly isPackaged = false;
  /** Another process has the lock. */
  isElsewhere = false;
  isSandboxed = false;
  paths: Record<string, string> = {};
  /** Pages that are being closed. */
  closing: Promise<unknown>[] = [];
  /** Settled when the application has ended. */
  ended: Promise<Ending> = Promise.resolve({ code: 0 });
  hasEnded = false;
  closeWindows: () => void = () => undefined;
  #end: (ending: Ending) => void = () => undefined;

  begin(): void {
    this.forgetAll();
    this.isElsewhere = false;
    this.isSandboxed = false;
    this.paths = {};
    this.closing = [];
    this.hasEnded = false;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  whenReady(): Promise<void> {
    return Promise.resolve();
  }

  requestSingleInstanceLock(): boolean {
    return !this.isElsewhere;
  }

  enableSandbox(): void {
    this.isSandboxed = true;
  }

  setPath(name: string, path: string): void {
    this.paths[name] = path;
  }

  quit(): void {
    if (this.hasEnded || this.ask('before-quit')) return;
    this.closeWindows();
    this.exit(0);
  }

  exit(code = 0): void {
    this.hasEnded = true;
    this.#end({ code });
  }
}
export const app = new App();

type Answerer = (event: unknown, ...given: unknown[]) => unknown;

class IpcMain implements Pick<Electron.IpcMain, 'handle'> {
  readonly #listeners = new Map<string, Answerer>();
  readonly #handlers = new Map<string, Answerer>();

  on(channel: string, listener: (...given: never[]) => void): this {
    this.#listeners.set(channel, listener as Answerer);
    return this;
  }

  handle(channel: string, handler: (...given: never[]) => unknown): void {
    if (this.#handlers.has(channel)) throw new Error(`There is a handler for ${channel} already.`);
    this.#handlers.set(channel, handler as Answerer);
  }

  /** A message as it comes from a frame: `send`, which has no answer, or `invoke`. */
  async receive(
    kind: 'send' | 'invoke',
    channel: string,
    event: { readonly sender: unknown; readonly senderFrame: unknown },
    given: readonly unknown[],
  ): Promise<unknown> {
    if (kind === 'send') {
      this.#listeners.get(channel)?.(event, ...given);
      return null;
    }
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return await handler(event, ...given);
  }

  forgetAll(): void {
    this.#listeners.clear();
    this.#handlers.clear();
  }
}
export const ipcMain = new IpcMain();

type ProtocolHandler = Parameters<Electron.Protocol['handle']>[1];

class Protocol implements Pick<Electron.Protocol, 'handle' | 'registerSchemesAsPrivileged'> {
  schemes: Electron.CustomScheme[] = [];
  #handler: ProtocolHandler | undefined;

  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    this.schemes = schemes;
  }

  handle(scheme: string, handler: ProtocolHandler): void {
    if (!this.schemes.some((one) => one.scheme === scheme)) throw new Error(`${scheme} is not registered.`);
    this.#handler = handler;
  }

  async answer(url: string, method: string): Promise<Response | undefined> {
    return this.#handler?.(new Request(url, { method }));
  }
}
export const protocol = new Protocol();

type CheckHandler = NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>;
type RequestHandler = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>;

class Session implements Pick<
  Electron.Session,
  'setPermissionCheckHandler' | 'setPermissionRequestHandler' | 'setDevicePermissionHandler'
> {
  check: CheckHandler | null = null;
  request: RequestHandler | null = null;
  device: ((details: never) => boolean) | null = null;

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.check = handler;
  }

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.request = handler;
  }

  setDevicePermissionHandler(handler: ((details: never) => boolean) | null): void {
    this.device = handler;
  }

  /** Whether both handlers let a page have something; without any, everything is permitted. */
  permits(contents: { getURL(): string }, permission: string): boolean {
    const isChecked = this.check?.(contents as never, permission as never, '', {} as never) ?? true;
    let isGranted = this.request === null;
    this.request?.(
      contents as never,
      permission as never,
      (granted) => {
        isGranted = granted;
      },
      {} as never,
    );
    return isChecked && isGranted;
  }
}
export const defaultSession = new Session();

type MessageBox = Pick<Electron.MessageBoxOptions, 'message' | 'buttons'>;

class Dialog {
  /** What the next folder dialog gives. */
  folder: string | null = null;
  /** The button that is clicked in the next message box. */
  button = 0;
  readonly asked: MessageBox[] = [];
  readonly errors: { readonly title: string; readonly content: string }[] = [];

  begin(): void {
    this.folder = null;
    this.button = 0;
    this.asked.length = 0;
    this.errors.length = 0;
  }

  showOpenDialog(): Promise<Electron.OpenDialogReturnValue> {
    return Promise.resolve(
      this.folder === null
        ? { canceled: true, filePaths: [] }
        : { canceled: false, filePaths: [this.folder] },
    );
  }

  showMessageBox(...given: readonly unknown[]): Promise<Electron.MessageBoxReturnValue> {
    this.asked.push(given.at(-1) as MessageBox);
    return Promise.resolve({ response: this.button, checkboxChecked: false });
  }

  showErrorBox(title: string, content: string): void {
    this.errors.push({ title, content });
  }
}
export const dialog = new Dialog();
dialog satisfies Pick<Electron.Dialog, 'showErrorBox' | 'showMessageBox' | 'showOpenDialog'>;

interface BuiltMenu {
  readonly template: readonly Electron.MenuItemConstructorOptions[];
}

export const Menu = {
  application: undefined as BuiltMenu | undefined,
  buildFromTemplate: (template: readonly Electron.MenuItemConstructorOptions[]): BuiltMenu => ({ template }),
  setApplicationMenu(menu: BuiltMenu | null): void {
    Menu.application = menu ?? undefined;
  },
};

export class Tray extends Emitter {
  /** The last one that was made. */
  static last: Tray | undefined;
  toolTip = '';
  menu: BuiltMenu | undefined;
  readonly picture: { readonly path: string };

  constructor(picture: { readonly path: string }) {
    super();
    this.picture = picture;
    Tray.last = this;
  }

  setToolTip(text: string): void {
    this.toolTip = text;
  }

  setContextMenu(menu: BuiltMenu | null): void {
    this.menu = menu ?? undefined;
  }

  /** Clicks an entry of its menu. */
  choose(label: string): void {
    const item = this.menu?.template.find((one) => one.label === label);
    if (item?.click === undefined) throw new Error(`There is no entry ${label}.`);
    item.click(undefined as never, undefined, undefined as never);
  }
}

export const nativeImage = { createFromPath: (path: string) => ({ path }) };
export const nativeTheme = { shouldUseDarkColors: false };
export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }],
};
