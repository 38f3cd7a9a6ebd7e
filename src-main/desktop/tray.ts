import { join } from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';

/** The sign beside the clock that brings a closed window back. */
export interface TraySign {
  /** Says how many runs are under way or wait. */
  tell(runs: number): void;
}

/** What the sign is made with. */
export interface TrayOptions {
  /** The folder of icons. */
  readonly icons: string;
  readonly show: () => void;
  readonly quit: () => void;
}

export function createTray({ icons, show, quit }: TrayOptions): TraySign {
  const tray = new Tray(nativeImage.createFromPath(join(icons, 'tray.png')));
  tray.on('click', show);
  function tell(runs: number): void {
    const state = workSentence(runs);
    tray.setToolTip(`Layerbench: ${state}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: state, enabled: false },
        { type: 'separator' },
        { label: 'Show the window', click: show },
        { label: 'Quit', click: quit },
      ]),
    );
  }
  tell(0);
  return { tell };
}

function workSentence(runs: number): string {
  if (runs === 0) return 'nothing is running';
  return runs === 1 ? '1 run is going on' : `${runs} runs are going on`;
}
