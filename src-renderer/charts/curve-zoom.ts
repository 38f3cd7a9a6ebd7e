import type { DataZoomComponentOption } from 'echarts/components';
import type { AxisPart } from './axis-part.ts';

/** Lets the wheel and a drag choose the part of the axis that is shown; new points leave it as it is. */
export function insideZoom(part: AxisPart | undefined): DataZoomComponentOption {
  return {
    type: 'inside',
    // Lines go on to the border, whatever lies beyond it.
    filterMode: 'none',
    zoomOnMouseWheel: 'ctrl',
    moveOnMouseWheel: false,
    preventDefaultMouseMove: false,
    ...(part === undefined ? { start: 0, end: 100 } : { startValue: part.from, endValue: part.to }),
  };
}
