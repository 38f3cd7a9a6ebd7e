/**
 * How a page in Layerbench's own window reaches its host. The bridge (`src-preload/index.ts`) puts a `Bridge` on the
 * window as `layerbench`; in a browser there is none. The host answers each request with a new port and closes the one
 * before. A port closes when its page is left or loaded again, and when the host ends.
 *
 * `Dropped` is the browser's own `File`, which this room does not know.
 */
export interface Bridge<Dropped = unknown> {
  /** Asks for a port, which comes as a message to the window: `{ kind: PORT_MESSAGE }`, with the port in its `ports`. */
  requestPort(): void;
  /** Lets a person choose a folder: its absolute path; null when none was chosen. */
  chooseFolder(): Promise<string | null>;
  /**
   * Opens a folder that was dropped on the page, as if it had been chosen: its absolute path; null of what is no folder
   * on a disk.
   */
  openDropped(dropped: Dropped): Promise<string | null>;
  /** The system, as Node names it: `darwin`, `linux`, `win32`. */
  readonly platform: string;
}

/** `kind` of the window's message that brings a port. */
export const PORT_MESSAGE = 'layerbench-port';

/** The bridge asks the host for a port. */
export const REQUEST_PORT = 'layerbench:request-port';

/** The host hands the bridge a port. */
export const HAND_PORT = 'layerbench:port';

/** The bridge asks the host to let a person choose a folder. */
export const CHOOSE_FOLDER = 'layerbench:choose-folder';

/** The bridge asks the host to open a folder that was dropped on the page. */
export const OPEN_DROPPED = 'layerbench:open-dropped';
