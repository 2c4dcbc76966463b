import { render } from 'preact'
import type { LatencyFile, ReportFile } from '../../page-server/answers.ts'
import '../styles/page.css'
import '../styles/file.css'
import { LatencyView } from './latency.tsx'
import { ReportView } from './report.tsx'

// The page in a file: what it shows stands beside it, as JSON.
const { id, textContent } = document.querySelector('script[type="application/json"]')!
const data = JSON.parse(textContent!) as unknown
const view = id.endsWith('report') ? (
  <ReportView report={data as ReportFile} />
) : (
  <LatencyView latency={data as LatencyFile} />
)
render(view, document.getElementById('app')!)
