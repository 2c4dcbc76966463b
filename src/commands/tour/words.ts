import { paint } from '../../ui/paint.ts'

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

export function exercise(number: number, goal: string): string {
  const wait = number === 3 ? ' This one waits for the next scrape of Prometheus, up to 15 seconds.' : ''
  return `${goal}.${wait}`
}

export function farewell(root: string, seconds: number): string {
  const p = paint()
  return [
    '',
    `${p.bold('The lab is running')} in ${root}. That took ${seconds} s. Try next:`,
    '',
    '  otel-lab exercise 1 --reset    do the exercises yourself: as new, then: otel-lab exercise 1',
    '  otel-lab run stress            some scans are broken; find out which, and why',
    "  otel-lab query tempo '{status=error}'",
    '  otel-lab quiz                  what have you seen?',
    '  otel-lab run -- python app.py  a program of your own, in any language',
    '  otel-lab down                  when you are done',
  ].join('\n')
}
