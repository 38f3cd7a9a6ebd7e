import type { MenuItemConstructorOptions } from 'electron';

/** The menu of the application: what each system's people expect. */
export function menuTemplate({
  isMac,
  isPackaged,
}: {
  readonly isMac: boolean;
  readonly isPackaged: boolean;
}): MenuItemConstructorOptions[] {
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    { label: '&File', submenu: [{ role: 'close' }, ...(isMac ? [] : [{ role: 'quit' as const }])] },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'reload' },
        ...(isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ];
}
