/**
 * Run as a process of its own: opens the store named first, says it is ready, and when told to go claims each of the
 * runs named after it, in order. Says which it got.
 */
import { openStore } from '../../../src-main/store/store.ts';

const [file = '', ...ids] = process.argv.slice(2);
const store = openStore(file);
process.send?.('ready');
process.once('message', () => {
  const owner = { host: 'here', pid: process.pid, process: null, token: String(process.pid) };
  const claimed = ids.filter((id) => store.claim(id, owner));
  store.close();
  process.send?.(claimed, () => {
    process.disconnect();
  });
});
