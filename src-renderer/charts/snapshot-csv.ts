import type { ConfusionMatrix, UnitsSnapshot } from '../../src-preload/contract/snapshot.ts';
import { textCell } from './csv.ts';

/**
 * Confusion matrices as comma-separated values, a row a cell: how many images of a class were taken for a class, in an
 * epoch or in the final evaluation of its weights.
 */
export function confusionCsv(classes: readonly string[], matrices: readonly ConfusionMatrix[]): string {
  const lines = ['part,epoch,evaluation,actual,predicted,images'];
  for (const { kind, part, epoch, counts, classes: side } of matrices) {
    const evaluation = kind === 'confusion' ? 'epoch' : 'final';
    for (let actual = 0; actual < side; actual++) {
      for (let predicted = 0; predicted < side; predicted++) {
        const names = [actual, predicted].map((index) => textCell(classes[index] ?? String(index)));
        lines.push([part, epoch, evaluation, ...names, counts[actual * side + predicted] ?? 0].join(','));
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Weights of tracked units as comma-separated values, a row a weight. They are kept as pictures: exact to 1/255 of
 * twice the scale, and cut off at plus and minus the scale.
 */
export function unitsCsv(parameters: readonly UnitsSnapshot[]): string {
  const lines = ['parameter,epoch,unit,row,column,channel,weight'];
  for (const { parameter, epoch, count, width, height, channels, scale, pixels } of parameters) {
    let at = 0;
    for (let unit = 0; unit < count; unit++)
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++)
          for (let channel = 0; channel < channels; channel++) {
            const weight = (((pixels[at++] ?? 0) - 127.5) / 127.5) * scale;
            lines.push(
              [textCell(parameter), epoch, unit, row, column, channel, weight.toPrecision(4)].join(','),
            );
          }
  }
  return `${lines.join('\n')}\n`;
}
