/** What is shown where there is no figure. */
export const NONE = '';

/** A loss: `1.642`, `0.0021`, `12345`, `NaN`, `infinite`. */
export function lossText(loss: number | null | undefined): string {
  if (loss == null) return NONE;
  if (Number.isNaN(loss)) return 'NaN';
  if (!Number.isFinite(loss)) return loss > 0 ? 'infinite' : '-infinite';
  const size = Math.abs(loss);
  if (size !== 0 && size < 0.01) return loss.toPrecision(2);
  return size < 100 ? loss.toFixed(3) : loss.toPrecision(5);
}

/** A share of 1 as a percentage with one decimal: `46.2%`. */
export function percentText(share: number | null | undefined): string {
  if (share == null) return NONE;
  if (Number.isNaN(share)) return 'NaN';
  // Rounding a small negative share must not leave a minus before a zero.
  return `${(Math.round(share * 1000) / 10 + 0).toFixed(1)}%`;
}

/** A ratio with three significant digits, or whole from 100 on: `0.471`, `17.5`, `6123`. */
export function ratioText(ratio: number | null | undefined): string {
  if (ratio == null) return NONE;
  return ratio >= 100 ? String(Math.round(ratio)) : String(Number(ratio.toPrecision(3)));
}

/** A whole number with groups of three digits: `5,930`. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** A number and its noun: `1 image`, `5,930 images`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}

/** A time in words of two units at most: `850 ms`, `4.2 s`, `3 min 05 s`, `2 h 07 min`. */
export function durationText(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${countText(Math.floor(minutes / 60))} h ${pad(minutes % 60)} min`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** Bytes with a decimal unit: `812 bytes`, `4.3 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** `[height, width, channels]` of an image: `16×16×1`. */
export function shapeText(shape: readonly number[]): string {
  return shape.join('×');
}

/** The time of a moment in this machine's own zone: `2026-11-23 14:05`. */
export function momentText(iso: string): string {
  const moment = new Date(iso);
  const date = [moment.getFullYear(), pad(moment.getMonth() + 1), pad(moment.getDate())].join('-');
  return `${date} ${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
}
