import { EXIT, LabError } from '../../errors.ts'
import type { CourseReport, ReportedExercise } from '../report.ts'
import { stateWords } from './words.ts'

const DATA_ID = 'otel-lab-report'

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2430; --dim: #5a6473; --line: #d5dae1; --good: #14703c; --bad: #a8261c; --paper: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --dim: #a2acba; --line: #3a424e; --good: #6fd49a; --bad: #ff9a8f; --paper: #161a20 }
}
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
code { font: .875em ui-monospace, monospace; overflow-wrap: anywhere }
.dim { color: var(--dim) } .passed { color: var(--good) } .no { color: var(--bad) }
dt { font-weight: 600; margin-top: .6rem } dd { margin: 0 0 0 1rem }`

/** One page that needs nothing else; it carries the signed data, for `otel-lab report --verify FILE`. */
export function reportHtml(report: CourseReport): string {
  const { course, madeAt, labId, exercises } = report
  const passed = exercises.filter(({ state }) => state === 'passed').length
  const title = `${course}: ${passed} of ${exercises.length} exercises passed`
  const rows = exercises.map((one) => {
    const kind = one.distrust ? 'no' : one.state === 'passed' ? 'passed' : 'dim'
    return `<tr><td>${one.number}</td><td>${html(one.title)}</td><td class="${kind}">${html(stateWords(one))}</td><td>${one.checks}</td><td>${one.hints}</td></tr>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${html(title)}</h1>
<p class="dim">Made <time datetime="${html(madeAt)}">${html(madeAt.slice(0, 19).replace('T', ' '))} UTC</time> by otel-lab. Signed by lab <code>${html(labId)}</code>.</p>
<table>
<thead><tr><th scope="col">No.</th><th scope="col">Exercise</th><th scope="col">State</th><th scope="col">Checks</th><th scope="col">Hints</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
${exercises
  .filter(({ evidence }) => evidence.length > 0)
  .map(section)
  .join('\n')}
<p class="dim">Check it again, signatures and traces: <code>otel-lab report --verify FILE</code></p>
<script type="application/json" id="${DATA_ID}">${json(report)}</script>
</body>
</html>
`
}

function section({ number, title, goal, passedAt, pass, evidence }: ReportedExercise): string {
  const told = evidence.map(({ title: check, seen, query, traceId, link }) => {
    const asked = query ? `<br><span class="dim">asked</span> <code>${html(query)}</code>` : ''
    const id = traceId === undefined ? '' : `<code>${html(traceId)}</code>`
    const trace =
      traceId === undefined
        ? ''
        : `<br><span class="dim">trace</span> ${isLocal(link) ? `<a href="${html(link!)}">${id}</a>` : id}`
    return `<dt>${html(check)}</dt><dd>${html(seen)}${asked}${trace}</dd>`
  })
  return `<h2>${number}. ${html(title)}</h2>
<p>${html(goal)}</p>
<p class="dim">Passed ${html(passedAt?.slice(0, 19).replace('T', ' ') ?? '')} UTC by run <code>${html(pass?.runId ?? '')}</code>.</p>
<dl>${told.join('\n')}</dl>`
}

/** Links come out of a file that may be a stranger's. */
const isLocal = (link: string | undefined) => link !== undefined && /^https?:\/\//.test(link)

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const html = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!)
/** Nothing in it may end the script element. */
const json = (data: unknown) => JSON.stringify(data).replaceAll('<', '\\u003c')

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
