import type { CellImages } from '../../src-preload/contract/run.ts';
import type { Part } from '../../src-preload/contract/snapshot.ts';
import type { ReadStore } from '../store/store.ts';

/** A cell of a confusion matrix: images of a class that were taken for a class. */
export interface Cell {
  readonly part: Part;
  readonly epoch: number;
  /** Indexes of classes. */
  readonly actual: number;
  readonly predicted: number;
}

/** Images that are named of one cell, at most. */
const MOST_IMAGES = 500;

/**
 * The images behind a cell: of its epoch, else of the last before it whose predictions are kept, else of the first;
 * null where none are.
 */
export function cellImages(
  store: Pick<ReadStore, 'snapshots' | 'snapshotEpochs' | 'predictions'>,
  id: string,
  cell: Cell,
): CellImages | null {
  const epochs = store.snapshotEpochs(id, 'predicted');
  const epoch = epochs.findLast((one) => one <= cell.epoch) ?? epochs[0];
  if (epoch === undefined) return null;
  const said = store
    .snapshots(id, 'predicted', epoch)
    .find((one) => one.kind === 'predicted' && one.part === cell.part);
  const asked = store
    .snapshots(id, 'images', 1)
    .find((one) => one.kind === 'images' && one.part === cell.part);
  if (said?.kind !== 'predicted' || asked?.kind !== 'images') return null;
  const { clones, labels, paths } = asked;
  const probabilityOf = probabilitiesAt(store, id, cell, epoch);
  const images = paths.flatMap((path, image) => {
    if (labels[image] !== cell.actual) return [];
    let times = 0;
    for (let clone = 0; clone < clones; clone++)
      if (said.predicted[image * clones + clone] === cell.predicted) times++;
    return times === 0 ? [] : [{ path, times, probability: probabilityOf(path) }];
  });
  return {
    epoch,
    count: images.reduce((sum, { times }) => sum + times, 0),
    images: images
      .sort((one, other) => (other.probability ?? 0) - (one.probability ?? 0))
      .slice(0, MOST_IMAGES),
  };
}

/** How sure the network was is kept of dev images alone, and of the weights that the run kept at its end. */
function probabilitiesAt(
  store: Pick<ReadStore, 'snapshots' | 'predictions'>,
  id: string,
  { part, predicted }: Cell,
  epoch: number,
): (path: string) => number | null {
  const isOfTheEnd = part === 'dev' && store.snapshots(id, 'final-confusion')[0]?.epoch === epoch;
  const known = new Map(
    (isOfTheEnd ? store.predictions(id) : []).flatMap((one) =>
      one.predicted === predicted ? [[one.path, one.probability] as const] : [],
    ),
  );
  return (path) => known.get(path) ?? null;
}
