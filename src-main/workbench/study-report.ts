export { csvReport, markdownReport, type ReportInput, summaryLines } from '../study/report.ts';
