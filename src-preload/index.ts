import { contextBridge, ipcRenderer } from 'electron';
import { type Bridge, CHOOSE_FOLDER, HAND_PORT, PORT_MESSAGE, REQUEST_PORT } from './contract/channels.ts';

contextBridge.exposeInMainWorld('layerbench', {
  requestPort() {
    ipcRenderer.send(REQUEST_PORT);
  },
  async chooseFolder() {
    const folder: unknown = await ipcRenderer.invoke(CHOOSE_FOLDER);
    return typeof folder === 'string' ? folder : null;
  },
  platform: process.platform,
} satisfies Bridge);

ipcRenderer.on(HAND_PORT, ({ ports }) => {
  // What crosses the context bridge is copied, and a port cannot be: the window's own messages carry it.
  window.postMessage({ kind: PORT_MESSAGE }, window.location.origin, [...ports]);
});
