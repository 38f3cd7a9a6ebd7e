/** Run as a process of its own: opens and closes each store that it is told of, and says `opened` or what went wrong. */
import { openStore } from '../../../src-main/store/store.ts';

process.on('message', (file) => {
  try {
    openStore(String(file)).close();
    process.send?.('opened');
  } catch (error) {
    process.send?.(String(error));
  }
});
process.send?.('ready');
