import { expect, test } from 'vitest'
import type { Facts } from '../../src/diagnosis/facts.ts'
import { makerOf } from '../../src/diagnosis/made-here.ts'
import { readTopology } from '../../src/diagnosis/read/topology.ts'

const config = (connector: string) => `
receivers: { otlp: {} }
exporters: { otlp_grpc/tempo: {}, prometheus: {} }
connectors: { span_metrics: {} }
service:
  pipelines:
    traces: { receivers: [otlp], exporters: [otlp_grpc/tempo${connector}] }
    metrics: { receivers: [otlp, span_metrics], exporters: [prometheus] }
`
const facts = (text: string, came: string[]) =>
  ({
    signal: 'metrics',
    run: { runId: 'r1' },
    configs: { topology: readTopology(text, {}) },
    tap: { all: came.map((signal) => ({ signal, byRun: { r1: 1 }, cameAs: ['r1'], items: 1, traceIds: [] })) },
  }) as unknown as Facts

test('metrics that a connector makes of a run are the collector to be waited for', () => {
  expect(makerOf(facts(config(', span_metrics'), ['traces']))).toBe('span_metrics')
  expect(makerOf(facts(config(', span_metrics'), []))).toBeUndefined()
  expect(makerOf(facts(config(''), ['traces']))).toBeUndefined()
})
