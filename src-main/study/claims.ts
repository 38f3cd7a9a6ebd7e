/** A curve of a run that figures are read from; accuracies are shares of 1. */
export type CurveName = 'training' | 'dev' | 'trainingCost' | 'devCost';

/** A figure of a run that claims speak of. */
export type Figure =
  /** Of the last epoch, as the tables of the study have them: shares of 1, costs, parameters for each sample. */
  | CurveName
  | 'variance'
  | 'ratio'
  /** How many times as far the weights of the first dense layer have moved as those of the dense layer after it that moved most. */
  | 'firstLayerMoves'
  /** How much lower the dev cost falls after early stopping than it was before; NaN where early stopping never came. */
  | 'lostByStopping'
  /** The first epoch with at least this training accuracy; one more than all epochs where there is none. */
  | { readonly kind: 'epochTo'; readonly accuracy: number }
  /** How much a curve jumps from epoch to epoch, in its own unit; after the first tenth of the epochs where none is named. */
  | { readonly kind: 'noise'; readonly of: CurveName; readonly from?: number; readonly to?: number }
  /** The noise of a curve after an epoch, as a multiple of that in as many epochs up to it. */
  | { readonly kind: 'noiseGrowth'; readonly of: CurveName; readonly at: number }
  /** A curve about an epoch: the mean of the five that end with it. */
  | { readonly kind: 'at'; readonly of: CurveName; readonly epoch: number }
  /** How far a curve has gone from about one epoch to about another. */
  | { readonly kind: 'change'; readonly of: CurveName; readonly from: number; readonly to: number }
  /** The lowest value of a curve from an epoch on. */
  | { readonly kind: 'least'; readonly of: CurveName; readonly from: number };

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
  /** The figure of `to`, which is above 0, is at least so many times that of `from`. */
  | {
      readonly kind: 'multiple';
      readonly figure: Figure;
      readonly from: string;
      readonly to: string;
      readonly atLeast: number;
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
      /** Where the contrary begins: between it and the limit neither is shown. */
      readonly contrary: number;
    }
  /** The figure of one experiment is a number that the study gives, no further off than `within`. */
  | {
      readonly kind: 'near';
      readonly figure: Figure;
      readonly of: string;
      readonly value: number;
      readonly within: number;
    }
  /** The figure rises, or falls, from each experiment to the next; a step the other way may be `slack` large. */
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
  /** Among single runs, one of each experiment of this recipe, the figure lies this far apart at least. */
  | {
      readonly kind: 'spread';
      readonly figure: Figure;
      readonly atLeast: number;
      /** So near each other is the contrary. */
      readonly contrary: number;
    };
