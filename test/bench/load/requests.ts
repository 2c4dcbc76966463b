import { encodeRequest } from '../../../src/otlp/protobuf.ts'
import type { KeyValue, LogRecord, Metric, ResourceOf, Signal, Span } from '../../../src/otlp/types.ts'

export interface Request {
  signal: Signal
  bytes: Uint8Array
}

/** What an SDK sends at once: a batch of 512 is the default of its processors. */
const BATCH = 512
const SPANS_A_TRACE = 8
const STEPS = [
  'process_file',
  'load_file',
  'process_image',
  'bias_correct',
  'skull_strip',
  'smooth',
  'normalize',
  'write_output',
]

const scope = { name: 'load', version: '1', attributes: [], droppedAttributesCount: 0 }
const attr = (key: string, value: string | bigint | number): KeyValue => ({ key, value })
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const nanos = (ms: number) => BigInt(ms) * 1_000_000n

function request<T>(signal: Signal, items: T[]): Request {
  const resource = { attributes: [attr('service.name', 'load')], droppedAttributesCount: 0 }
  const data: ResourceOf<T>[] = [{ resource, schemaUrl: '', scopes: [{ scope, schemaUrl: '', items }] }]
  return { signal, bytes: encodeRequest(signal, data as never) }
}

function* batches<T>(signal: Signal, count: number, make: (i: number) => T): Iterable<Request> {
  for (let from = 0; from < count; from += BATCH) {
    yield request(
      signal,
      Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => make(from + i)),
    )
  }
}

/** Traces of eight spans like neuro-preprocess's; one in a hundred has an error, one in a thousand takes 6 s; their ids count on from `from`. */
export function spansRequests(count: number, from = 0): Iterable<Request> {
  const now = Date.now() - 10_000
  return batches<Span>('traces', count, (at) => {
    const i = from + at
    const trace = 1 + Math.floor(i / SPANS_A_TRACE)
    const step = i % SPANS_A_TRACE
    const failed = trace % 100 === 99 && step === 2
    const ms = step === 0 && trace % 1000 === 999 ? 6000 : 100 + (trace % 50)
    return {
      traceId: hex(trace, 32),
      spanId: hex(i + 1, 16),
      traceState: '',
      parentSpanId: step === 0 ? '' : hex(i - step + 1, 16),
      flags: 1,
      name: STEPS[step]!,
      kind: 1,
      startTimeUnixNano: nanos(now),
      endTimeUnixNano: nanos(now + ms),
      attributes: [
        attr('file.path', `data/input/sub-${trace % 500}_T1w.nii.gz`),
        attr('file.size', BigInt(1000 + (trace % 5000))),
        attr('neuro.step', STEPS[step]!),
        attr('neuro.voxels', 262_144n),
        attr('neuro.quality', (trace % 100) / 100),
      ],
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      status: failed ? { code: 2, message: 'truncated gzip' } : { code: 0, message: '' },
    }
  })
}

/** Structured JSON lines, one in a hundred an ERROR; the trace ids are those of the spans. */
export function logsRequests(count: number): Iterable<Request> {
  const now = Date.now() - 10_000
  return batches<LogRecord>('logs', count, (i) => {
    const failed = i % 100 === 99
    const traceId = hex(1 + Math.floor(i / SPANS_A_TRACE), 32)
    const level = failed ? 'ERROR' : 'INFO'
    const line = {
      level,
      message: failed ? 'Processing failed' : 'File loaded',
      trace_id: traceId,
      duration: (i % 100) / 10,
    }
    return {
      timeUnixNano: nanos(now) + BigInt(i) * 1000n,
      observedTimeUnixNano: nanos(now) + BigInt(i) * 1000n,
      severityNumber: failed ? 17 : 9,
      severityText: level,
      body: JSON.stringify(line),
      attributes: [attr('file_path', `data/input/sub-${i % 500}_T1w.nii.gz`)],
      droppedAttributesCount: 0,
      flags: 1,
      traceId,
      spanId: hex(i + 1, 16),
      eventName: '',
    }
  })
}

/** One counter of a thousand series, its points sent again and again. */
export function samplesRequests(count: number): Iterable<Request> {
  const start = nanos(Date.now() - 10_000)
  const series = 1000
  const perRequest = 500
  return (function* () {
    for (let from = 0; from < count; from += perRequest) {
      const points = Array.from({ length: Math.min(perRequest, count - from) }, (_, k) => {
        const i = from + k
        return {
          attributes: [attr('status', i % 20 === 0 ? 'failed' : 'success'), attr('file', `sub-${i % series}`)],
          startTimeUnixNano: start,
          timeUnixNano: nanos(Date.now()),
          flags: 0,
          value: BigInt(1 + Math.floor(i / series)),
          exemplars: [],
        }
      })
      const metric = {
        name: 'load.files.processed',
        description: 'Files processed',
        unit: '{file}',
        metadata: [],
        data: { type: 'sum' as const, points, monotonic: true, temporality: 2 as const },
      }
      yield request<Metric>('metrics', [metric])
    }
  })()
}
