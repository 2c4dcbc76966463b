import { createInflate } from '../../src/embedded/compression.ts'
import { createOtlpGrpcClient } from '../../src/embedded/otlp-grpc.ts'
import { encodeRequest } from '../../src/otlp/protobuf.ts'
import type { KeyValue, ResourceOf, Signal } from '../../src/otlp/types.ts'
import type { Acknowledged } from './found.ts'

const resource = { attributes: [{ key: 'service.name', value: 'durable' }], droppedAttributesCount: 0 }
const scope = { name: 'durability', version: '', attributes: [], droppedAttributesCount: 0 }
const nanos = () => BigInt(Date.now()) * 1_000_000n

function bytes<T>(signal: Signal, items: T[]): Uint8Array {
  const data: ResourceOf<T>[] = [{ resource, schemaUrl: '', scopes: [{ scope, schemaUrl: '', items }] }]
  return encodeRequest(signal, data as never)
}

const attributes = (name: string): KeyValue[] => [{ key: 'record', value: name }]

function span(id: string) {
  const more = { traceState: '', parentSpanId: '', flags: 0, name: 'kept', kind: 1, attributes: attributes(id) }
  const none = { droppedAttributesCount: 0, events: [], droppedEventsCount: 0, links: [], droppedLinksCount: 0 }
  const times = { startTimeUnixNano: nanos(), endTimeUnixNano: nanos() + 1000n }
  return { traceId: id, spanId: id.slice(16), ...more, ...none, ...times, status: { code: 0, message: '' } }
}

function line(name: string) {
  const more = { severityNumber: 9, severityText: 'INFO', attributes: [], droppedAttributesCount: 0, flags: 0 }
  return {
    timeUnixNano: nanos(),
    observedTimeUnixNano: nanos(),
    body: name,
    ...more,
    traceId: '',
    spanId: '',
    eventName: '',
  }
}

function counter(name: string, value: bigint) {
  const point = {
    attributes: attributes(name),
    startTimeUnixNano: 1n,
    timeUnixNano: nanos(),
    flags: 0,
    value,
    exemplars: [],
  }
  const data = { type: 'sum' as const, points: [point], monotonic: true, temporality: 2 as const }
  return { name: 'durable_total', description: '', unit: '', metadata: [], data }
}

/** Sends to the collector as fast as it answers; what was acknowledged is added to `to`. */
export function startSenders(offset: number, round: number, to: Acknowledged): { stop(): Promise<void> } {
  let stopped = false
  const loop = async (
    lane: number,
    send: (client: ReturnType<typeof createOtlpGrpcClient>, n: number) => Promise<void>,
  ) => {
    const client = createOtlpGrpcClient('127.0.0.1', 4317 + offset, {
      compression: ['gzip', 'none', 'zstd', 'snappy'][lane % 4]!,
      inflate: createInflate(64 << 20),
      timeoutMs: 5000,
      headers: {},
    })
    // A request that fails was not acknowledged, and says that the process is gone.
    for (let n = 0; !stopped; n++)
      if (
        await send(client, n).then(
          () => false,
          () => true,
        )
      )
        break
    client.close()
  }
  const hex = (lane: number, n: number) =>
    [round, lane, n, 1].map((part) => part.toString(16).padStart(8, '0')).join('')
  const many = (lane: number, n: number) => Array.from({ length: 20 }, (_, i) => hex(lane, n * 20 + i))
  const lanes = [
    ...[1, 2].map((lane) =>
      loop(lane, async (client, n) => {
        const ids = many(lane, n)
        await client.export('traces', bytes('traces', ids.map(span)))
        to.traces.push(...ids)
      }),
    ),
    ...[3, 4].map((lane) =>
      loop(lane, async (client, n) => {
        const names = many(lane, n)
        await client.export('logs', bytes('logs', names.map(line)))
        to.logs.push(...names)
      }),
    ),
    loop(5, async (client, n) => {
      const name = `r${round}-${n % 10}`
      await client.export('metrics', bytes('metrics', [counter(name, BigInt(n + 1))]))
      to.metrics.set(name, n + 1)
    }),
  ]
  return {
    async stop() {
      stopped = true
      await Promise.all(lanes)
    },
  }
}
