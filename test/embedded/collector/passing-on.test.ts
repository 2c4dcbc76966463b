import { expect, test } from 'vitest'
import { resolveConfig } from '../../../src/collector-config.ts'
import { UNTRACKED } from '../../../src/embedded/collector/delivery.ts'
import { buildGraph } from '../../../src/embedded/collector/graph.ts'
import { NO_OUTPUTS } from '../../../src/embedded/collector/log-outputs.ts'
import { createLogger } from '../../../src/embedded/collector/logger.ts'
import { loadFactories } from '../../../src/embedded/collector/registry.ts'
import { NO_TAP } from '../../../src/embedded/collector/tap/notes.ts'
import { createTelemetry } from '../../../src/embedded/collector/telemetry.ts'
import { createNetwork } from '../../../src/embedded/network.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { decodeRequest, decodeToPassOn, encodeRequest } from '../../../src/otlp/protobuf.ts'
import type { TracesData } from '../../../src/otlp/types.ts'
import { spans } from './support.ts'

const request = encodeRequest('traces', requestFromJson('traces', spans('a', 'b', 'health')))

/** What a pipeline with one processor sends of a request. `decode` says how the receiver reads it. */
async function sentBy(processor: string, decode: (bytes: Uint8Array) => TracesData): Promise<TracesData> {
  const { config, diagnostics } = resolveConfig(
    `
receivers: {otlp: {protocols: {grpc: {}}}}
processors:
  ${processor}
exporters: {debug: {}}
service: {pipelines: {traces: {receivers: [otlp], processors: [${processor.split(':')[0]}], exporters: [debug]}}}`,
    {},
  )
  expect(diagnostics).toEqual([])
  const sent: Uint8Array[] = []
  const factories = await loadFactories(config!)
  const graph = buildGraph(
    config!,
    {
      ...factories,
      receivers: { otlp: () => ({}) },
      exporters: { debug: () => ({ consume: ({ signal, data }) => void sent.push(encodeRequest(signal, data)) }) },
    },
    (settings) => ({
      config: settings,
      network: createNetwork({ portOffset: 0 }),
      logger: createLogger({ config: config!.service.telemetry.logs, outputs: NO_OUTPUTS }),
      telemetry: createTelemetry({}),
      tap: NO_TAP,
      instanceId: '',
      env: {},
      filesDir: '',
      extension: () => undefined,
      shared: (_, make) => make(),
    }),
    () => async () => {},
  )
  for (const { component } of graph.components) await component.start?.()
  await graph.entries.traces!({ signal: 'traces', data: decode(request), delivery: UNTRACKED })
  for (const { component } of graph.components.toReversed()) await component.stop?.()
  return sent.flatMap((bytes) => decodeRequest('traces', bytes))
}

/** Others may hold the same data, and its bytes may be sent instead: who changes it in place throws. */
function frozen<T>(thing: T): T {
  if (typeof thing !== 'object' || thing === null || ArrayBuffer.isView(thing)) return thing
  for (const key in thing) frozen(thing[key])
  return Object.freeze(thing)
}

test.each([
  'memory_limiter: {check_interval: 1s, limit_mib: 4000}',
  'batch: {timeout: 10ms, send_batch_size: 2, send_batch_max_size: 2}',
  'resource: {attributes: [{key: x, value: y, action: upsert}]}',
  'attributes: {actions: [{key: http.status, action: delete}, {key: new, value: 1, action: insert}]}',
  `filter: {error_mode: ignore, trace_conditions: ['span.name == "health"']}`,
  `filter: {traces: {spanevent: ['name == "e"']}}`,
  'probabilistic_sampler: {sampling_percentage: 100}',
  'redaction: {allow_all_keys: true, blocked_values: ["200"], summary: debug}',
  'tail_sampling: {decision_wait: 10ms, policies: [{name: all, type: always_sample}]}',
  `transform: {trace_statements: ['set(span.name, "renamed")', 'set(resource.attributes["x"], span.name)']}`,
  `transform: {trace_statements: ['set(scope.name, "other")', 'delete_key(span.attributes, "http.status")']}`,
])('%s sends on what it made, not the bytes that came, and changes nothing in place', async (processor) => {
  const anew = await sentBy(processor, (bytes) => decodeRequest('traces', bytes))
  const passedOn = await sentBy(processor, (bytes) => frozen(decodeToPassOn('traces', bytes)))
  expect(anew.length).toBeGreaterThan(0)
  expect(passedOn).toEqual(anew)
})

test('what nothing touched is sent as the bytes that came; what nobody knows is left out', () => {
  // A span's name twice: the later one counts, and the bytes tell whether they were written anew.
  const oddly = (more: number[]) => {
    const span = [0x2a, 1, 0x61, 0x2a, 1, 0x62, ...more]
    const scope = [0x12, span.length, ...span]
    return Uint8Array.of(0x0a, scope.length + 2, 0x12, scope.length, ...scope)
  }
  const came = decodeToPassOn('traces', oddly([]))
  expect(came[0]!.scopes[0]!.items[0]!.name).toBe('b')
  const bytesOf = (data: TracesData) => Buffer.from(encodeRequest('traces', data)).toString('hex')
  expect(bytesOf(came)).toContain('2a01612a0162')
  const changed = came.map((group) => ({ ...group, scopes: group.scopes.map((scope) => ({ ...scope })) }))
  expect(bytesOf(changed)).not.toContain('2a0161')
  expect(bytesOf(decodeToPassOn('traces', oddly([0xf8, 0x7f, 1])))).not.toContain('f87f')
})
