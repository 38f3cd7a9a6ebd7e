import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  type Bridge,
  CHOOSE_FOLDER,
  HAND_PORT,
  OPEN_DROPPED,
  PORT_MESSAGE,
  REQUEST_PORT,
} from './contract/channels.ts';

contextBridge.exposeInMainWorld('layerbench', {
  requestPort() {
    ipcRenderer.send(REQUEST_PORT);
  },
  async chooseFolder() {
    const folder: unknown = await ipcRenderer.invoke(CHOOSE_FOLDER);
    return typeof folder === 'string' ? folder : null;
  },
  async openDropped(dropped) {
    // Only of a file that a person brought is there a path: one that the page made itself has none.
    const path = webUtils.getPathForFile(dropped);
    if (path === '') return null;
    const folder: unknown = await ipcRenderer.invoke(OPEN_DROPPED, path);
    return typeof folder === 'string' ? folder : null;
  },
  platform: process.platform,
} satisfies Bridge<File>);

ipcRenderer.on(HAND_PORT, ({ ports }) => {
  // What crosses the context bridge is copied, and a port cannot be: the window's own messages carry it.
  window.postMessage({ kind: PORT_MESSAGE }, window.location.origin, [...ports]);
});
