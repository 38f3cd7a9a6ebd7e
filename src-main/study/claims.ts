/** A figure of an experiment that claims speak of; shares of 1 but for the cost. */
export type Figure = 'training' | 'dev' | 'variance' | 'cost' | 'firstLayerMoves';

/** What a recipe finds, so that a machine can hold runs against it. Experiments are named by their ids. */
export type Claim =
  /** The figure of `to` is above (or below) that of `from` by at least `by`. */
  | {
      readonly kind: 'difference';
      readonly figure: Figure;
      readonly from: string;
      readonly to: string;
      readonly direction: 'rises' | 'falls';
      readonly by: number;
    }
  /** The figures of two experiments are no further apart than `by`. */
  | {
      readonly kind: 'alike';
      readonly figure: Figure;
      readonly from: string;
      readonly to: string;
      readonly by: number;
    }
  /** The figure of one experiment is above, or below, a limit. */
  | {
      readonly kind: 'limit';
      readonly figure: Figure;
      readonly of: string;
      readonly side: 'above' | 'below';
      readonly limit: number;
    }
  /** The figure rises, or falls, from each experiment to the next, by `slack` too little at most. */
  | {
      readonly kind: 'trend';
      readonly figure: Figure;
      readonly along: readonly string[];
      readonly direction: 'rises' | 'falls';
      readonly slack: number;
    }
  /** The experiment has the highest, or lowest, figure of its recipe. */
  | {
      readonly kind: 'best';
      readonly figure: Figure;
      readonly of: string;
      readonly side: 'highest' | 'lowest';
    }
  /** Among the experiments of this recipe the figure lies this far apart at least. */
  | { readonly kind: 'spread'; readonly figure: Figure; readonly atLeast: number };
