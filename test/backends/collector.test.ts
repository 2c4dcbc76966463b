import { expect, test } from 'vitest'
import { countersSince, readCounters } from '../../src/backends/collector-counters.ts'
import { readPage } from '../../src/backends/exposition.ts'

const page = (sent: number) => `
# HELP otelcol_exporter_sent_spans Number of spans successfully sent to destination. [alpha]
# TYPE otelcol_exporter_sent_spans counter
otelcol_exporter_sent_spans{exporter="otlp_grpc/tempo",service_version="0.159.0"} ${sent}
otelcol_exporter_send_failed_log_records_total{exporter="otlp_http/loki"} 2
otelcol_exporter_enqueue_failed_spans{exporter="otlp_grpc/tempo"} 1
otelcol_exporter_queue_size{data_type="traces",exporter="otlp_grpc/tempo"} 3
otelcol_receiver_accepted_spans{receiver="otlp",transport="grpc"} 1.5e+01
otelcol_receiver_accepted_spans{receiver="otlp",transport="http"} 5
otelcol_receiver_refused_metric_points{receiver="otlp",transport="http"} 4
otelcol_processor_incoming_items{otel_signal="traces",processor="filter/health"} 20
otelcol_processor_outgoing_items{otel_signal="traces",processor="filter/health"} 12
otelcol_process_uptime 12
`

test('counters by component and signal, by old and new names', () => {
  const counters = readCounters(readPage(page(10)))
  expect(counters).toHaveLength(5)
  expect(counters).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        kind: 'exporter',
        id: 'otlp_grpc/tempo',
        signal: 'traces',
        sent: 10,
        enqueueFailed: 1,
        queued: 3,
      }),
      expect.objectContaining({ kind: 'exporter', id: 'otlp_http/loki', signal: 'logs', failed: 2, sent: 0 }),
      expect.objectContaining({ kind: 'receiver', id: 'otlp', signal: 'traces', accepted: 20 }),
      expect.objectContaining({ kind: 'receiver', id: 'otlp', signal: 'metrics', refused: 4 }),
      expect.objectContaining({ kind: 'processor', id: 'filter/health', accepted: 20, sent: 12 }),
    ]),
  )
})

test('what was counted in between, also over a restart', () => {
  const [a, b, fresh] = [10, 14, 3].map((sent) => readCounters(readPage(page(sent))))
  const sentIn = (list: ReturnType<typeof readCounters>) => list.find(({ id }) => id === 'otlp_grpc/tempo')!.sent
  expect(sentIn(countersSince(a!, b!))).toBe(4)
  expect(sentIn(countersSince(b!, fresh!))).toBe(3)
  expect(sentIn(countersSince([], a!))).toBe(10)
})

test('a page with quotes, escapes, exemplars and nonsense', () => {
  const text = 'a{x="q\\"}\\n{",y="2",} +Inf 1700 # {trace_id="1"} 2\n{"b.c","l.m"="v"} 1\nnonsense\nd NaN\na{x= 1\n'
  expect(readPage(text)).toEqual([
    { name: 'a', labels: { x: 'q"}\n{', y: '2' }, value: Number.POSITIVE_INFINITY },
    { name: 'b.c', labels: { 'l.m': 'v' }, value: 1 },
    { name: 'd', labels: {}, value: Number.NaN },
  ])
})
