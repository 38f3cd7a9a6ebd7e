import { expect, test } from 'vitest';
import { runAxis } from '../../../../src-renderer/table/run-axes.ts';
import { fieldOf } from '../../../../src-renderer/table/run-fields.ts';
import { defaultConfig } from '../../../../src-preload/contract/config.ts';
import { queuedRun } from '../../../support/store/run-records.ts';

test.each(['dataset', 'datasetsPath'])(
  'folders of %s stand on an axis by their last names, and no two are one',
  (key) => {
    const field = fieldOf(key);
    if (field === undefined) throw new Error('No such field.');
    const paths = ['/home/ann/shapes', '/srv/shapes', '/home/ann/shapes', 'C:\\Users\\ann\\signs', ''];
    const { axis, places } = runAxis(
      field,
      paths.map((path, index) =>
        queuedRun({ id: String(index), config: { ...defaultConfig(), [key]: path } }),
      ),
    );
    const names = places.map((place) => axis.categories?.[place ?? -1]);
    expect(names).toEqual(['shapes', 'shapes (2)', 'shapes', 'signs', '']);
    expect(JSON.stringify(axis.categories)).not.toMatch(/home|srv|Users/);
  },
);
