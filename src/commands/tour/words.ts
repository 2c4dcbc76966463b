import { paint } from '../../ui/paint.ts'
import { renderTable } from '../../ui/table.ts'

type Words = [title: string, words: string]

export const LAB: Words = [
  'The lab',
  'A collector and three stores - Tempo for traces, Prometheus for metrics, Loki for logs - on this machine only.',
]

export const RUN: Words = [
  'A scan is processed',
  'neuro-preprocess works on an MRI scan and says what it does: spans, metrics and logs, all sent to the collector.',
]

export const TRACE: Words = [
  'Its trace',
  'The collector holds spans for up to a second to send them in batches; then Tempo has them. Each line is a span.',
]

export const LATENCY: Words = [
  'How soon can it be queried?',
  'From the making of each span, log line and sample until a query shows it. Metrics come last: Prometheus fetches them every 15 seconds, so this takes a moment.',
]

export const practice = ({ title, goal }: { title: string; goal: string }): Words => [
  `Practice: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
  `${goal}. An exercise is judged by what the backends have of a new run: first as the lab is, then with the config changed.`,
]

/** `asTyped` names the commands as one types them here: before they are laid out, for that name may be longer. */
export function farewell(root: string, seconds: number, asTyped: (text: string) => string): string {
  const p = paint()
  const next = [
    ['otel-lab exercise 1', 'the exercises are all yours'],
    ['otel-lab run stress', 'some scans are broken: find out which, and why'],
    ['otel-lab open', 'the page: metric, trace and log lines on one time axis'],
    ['otel-lab run -- python app.py', 'a program of your own, in any language'],
    ['otel-lab down', 'when you are done'],
  ]
  const title = `${p.bold('The lab is running')} in ${root}. The tour took ${seconds} s. Try next:`
  return `\n${title}\n\n${renderTable(
    ['', ''],
    next.map(([command = '', what]) => [asTyped(command), what]),
    { indent: 2 },
  )}`
}
