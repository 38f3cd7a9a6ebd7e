import { describe, expect, test } from 'vitest';
import { wayBack } from '../../../../src-renderer/composables/use-organizing.ts';

const one = { id: 'one', name: 'K', tags: ['good'], note: '', starred: true };
const other = { id: 'other', name: 'L', tags: [], note: 'slow', starred: false };

describe('what was said of runs', () => {
  test('is given back to each as it had it', () => {
    expect(wayBack({ runs: ['one', 'other'], starred: true }, [one, other])).toEqual([
      { runs: ['other'], starred: false },
    ]);
    expect(wayBack({ runs: ['one', 'other'], addTags: ['good', 'kept'] }, [one, other])).toEqual([
      { runs: ['other'], removeTags: ['good'] },
      { runs: ['one', 'other'], removeTags: ['kept'] },
    ]);
    expect(wayBack({ runs: ['one', 'other'], removeTags: ['good'] }, [one, other])).toEqual([
      { runs: ['one'], addTags: ['good'] },
    ]);
    expect(wayBack({ runs: ['one', 'other'], name: 'M' }, [one, other])).toEqual([
      { runs: ['one'], name: 'K' },
      { runs: ['other'], name: 'L' },
    ]);
    expect(wayBack({ runs: ['other'], note: 'fast' }, [other])).toEqual([{ runs: ['other'], note: 'slow' }]);
  });

  test('needs no way back where nothing was changed', () => {
    expect(wayBack({ runs: ['one'], starred: true, name: 'K', note: '', addTags: ['good'] }, [one])).toEqual(
      [],
    );
  });
});
