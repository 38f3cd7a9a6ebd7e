export { htmlReport } from '../study/html-report.ts';
export { csvReport, markdownReport, type ReportInput, summaryLines } from '../study/report.ts';
