import { EXIT, LabError } from '../../errors.ts'
import { pageFile } from '../../util/page-file.ts'
import type { CourseReport } from '../report.ts'

const DATA_ID = 'otel-lab-report'

/** One page that needs nothing else; it carries the signed data, for `otel-lab report --verify FILE`. */
export function reportHtml(report: CourseReport): Promise<string> {
  const passed = report.exercises.filter(({ state }) => state === 'passed').length
  const title = `${report.course}: ${passed} of ${report.exercises.length} exercises passed`
  return pageFile({ title, id: DATA_ID, data: report })
}

/** The data of a report page. Throws LabError `no-report`. */
export function readReport(page: string, shown: string): CourseReport {
  const found = new RegExp(`<script type="application/json" id="${DATA_ID}">(.*?)</script>`, 's').exec(page)
  try {
    const report = JSON.parse(found![1]!) as CourseReport
    if (typeof report.labId === 'string' && Array.isArray(report.exercises)) return report
  } catch {
    // Told below: whatever it is, it is no report.
  }
  throw new LabError('no-report', `${shown} is no report page of otel-lab`, {
    hint: 'Make one: otel-lab report',
    exit: EXIT.usage,
  })
}
