export { htmlReport, pngAddress } from '../study/html-report.ts';
export {
  csvReport,
  markdownReport,
  type ReportInput,
  summaryLines,
  verdictColumns,
} from '../study/report.ts';
export { reportInput } from './study-standing.ts';
