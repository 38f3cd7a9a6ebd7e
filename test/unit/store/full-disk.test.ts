import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src-main/store/store.ts';
import { NO_SMALL_DISK, smallDisk } from '../../support/small-disk.ts';

test.skipIf(NO_SMALL_DISK !== undefined)(
  'the log of a small disk never takes the room that carrying it over needs, whoever else looks after it',
  () => {
    const { folder } = smallDisk(3_000_000);
    const file = join(folder, 'layerbench.sqlite');
    // What it names carries nothing over.
    const store = openStore(file, { logKeeper: join(folder, 'absent.js') });
    onTestFinished(() => {
      store.close();
    });
    for (let number = 0; number < 200; number++) {
      store.setPreference('text', `${number} `.repeat(12_000));
      expect(statSync(`${file}-wal`).size).toBeLessThan(1_700_000);
    }
    expect(store.preference('text')).toMatch(/^199 199/);
  },
);
