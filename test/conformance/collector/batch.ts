import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { resolveConfig } from '../../../src/collector-config.ts'
import { type Build, itemCount, type Payload } from '../../../src/embedded/collector/component.ts'
import { createDelivery } from '../../../src/embedded/collector/delivery.ts'
import { NO_OUTPUTS } from '../../../src/embedded/collector/log-outputs.ts'
import { createLogger } from '../../../src/embedded/collector/logger.ts'
import { createBatch } from '../../../src/embedded/collector/processors/batch.ts'
import { createTelemetry } from '../../../src/embedded/collector/telemetry.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'
import type { ResourceOf, Signal } from '../../../src/otlp/types.ts'
import { same } from '../shared/same.ts'
import { judged, type Verdict } from '../shared/tally.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Json = any

export async function batchCases(suite: Json): Promise<Verdict[]> {
  const cases: Verdict[] = []
  for (const scenario of suite.scenarios) {
    const verdicts: Verdict[] = []
    const whole = await judged(scenario.name, async () => {
      verdicts.push(...(await scenarioCases(scenario)))
      return undefined
    })
    cases.push(...(whole[0] ? verdicts : [whole]))
  }
  for (const c of suite.config) {
    const { diagnostics } = resolve(c.cfg ?? fromYaml(c.yaml))
    const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)
    const right = c.ok ? errors.length === 0 : errors.some((one) => one.includes(c.error_contains ?? ''))
    cases.push([right, `config ${JSON.stringify(c.cfg ?? c.yaml)}: ${JSON.stringify(errors)}`])
  }
  const defaults = settingsOf({})
  cases.push(
    same('defaults', defaults, {
      timeout: suite.defaults.timeout_ms,
      send_batch_size: suite.defaults.send_batch_size,
      send_batch_max_size: suite.defaults.send_batch_max_size,
      metadata_keys: [],
      metadata_cardinality_limit: suite.defaults.metadata_cardinality_limit,
    }),
  )
  return cases
}

function fromYaml(text: string): Json {
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split(': '))
      .map(([k, v]) => [k, Number(v) || v]),
  )
}

function resolve(batch: Json) {
  return resolveConfig(
    JSON.stringify({
      receivers: { otlp: { protocols: { grpc: {} } } },
      processors: { batch },
      exporters: { debug: {} },
      service: { pipelines: { traces: { receivers: ['otlp'], processors: ['batch'], exporters: ['debug'] } } },
    }),
    {},
  )
}

const settingsOf = (batch: Json) => resolve(batch).config!.processors.get('batch')!.settings

function requestOf(signal: Signal, items: number, points = 1) {
  const many = (count: number, make: (i: number) => Json) => Array.from({ length: count }, (_, i) => make(i))
  if (signal === 'traces') {
    return requestFromJson('traces', {
      resourceSpans: [{ scopeSpans: [{ spans: many(items, (i) => ({ name: `${i}` })) }] }],
    })
  }
  if (signal === 'logs') {
    return requestFromJson('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: many(items, () => ({})) }] }] })
  }
  const metric = (i: number) => ({ name: `${i}`, gauge: { dataPoints: many(points, (p) => ({ asInt: p })) } })
  return requestFromJson('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: many(items, metric) }] }] })
}

async function scenarioCases(s: Json): Promise<Verdict[]> {
  // That case calls the splitting itself, with what no config may hold.
  const given = s.unit?.startsWith('split(') ? { ...s.config, send_batch_size: s.config.send_batch_max_size } : s.config
  const { timeout_ms, ...rest } = given
  const telemetry = createTelemetry({})
  const config = resolve({ ...rest, ...(timeout_ms === undefined ? {} : { timeout: `${timeout_ms}ms` }) }).config!
  const build = {
    config: config.processors.get('batch')!,
    telemetry,
    logger: createLogger({ config: config.service.telemetry.logs, outputs: NO_OUTPUTS }),
  } as unknown as Build
  const sent: Payload[] = []
  const batch = createBatch(build, s.signal, (payload) => {
    sent.push(payload)
    payload.delivery.release()
  })
  const started = performance.now()
  const { requests } = s
  const sizes: number[] = requests.sizes ?? new Array(requests.count).fill(requests.items_each)
  let firstError: { request: number; error: Error } | undefined
  let open = sizes.length
  for (const [i, size] of sizes.entries()) {
    const context =
      s.contexts?.[i % s.contexts.length] ?? (requests.distinct_token_each ? { token: [`t${i}`] } : undefined)
    const metadata = context && Object.fromEntries(Object.entries(context).map(([key, value]) => [key, value ?? []]))
    const data = requestOf(s.signal, size, requests.datapoints_per_item)
    const delivery = createDelivery(() => open--)
    try {
      await batch.consume({ signal: s.signal, data, delivery, ...(metadata ? { metadata } : {}) } as Payload)
    } catch (error) {
      open--
      firstError ??= { request: i + 1, error: error as Error }
    }
  }
  if (s.then?.startsWith('wait')) await sleep((timeout_ms ?? 200) + 100)
  const elapsed = performance.now() - started
  if (s.then !== 'wait') await batch.stop!()
  return [
    ...expectations(s, sent, elapsed, firstError, telemetry.page()),
    same(`${s.name}: every delivery let go`, open, 0),
  ]
}

function expectations(s: Json, sent: Payload[], elapsed: number, failed: Json, page: string): Verdict[] {
  const want = s.expect
  const sizes = sent.map(itemCount)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const entries = sent.map(({ data }) => (data as ResourceOf<unknown>[]).length)
  const counter = (name: string) =>
    Number(new RegExp(`otelcol_processor_batch_${name}_trigger_send\\S* (\\d+)`).exec(page)?.[1] ?? 0)
  const contexts = new Map<string, number>()
  for (const one of sent) {
    const key = JSON.stringify(one.metadata)
    contexts.set(key, (contexts.get(key) ?? 0) + itemCount(one))
  }
  const got: Record<string, unknown> = {
    total_items: total,
    total_datapoints: total,
    batches: sent.length,
    batch_sizes: sizes,
    all_but_last_batch_size: new Set(sizes.slice(0, -1)).size === 1 ? sizes[0] : sizes,
    last_batch_size: sizes.at(-1),
    batch_sizes_all: new Set(sizes).size === 1 ? sizes[0] : sizes,
    resource_entries_per_batch: new Set(entries).size === 1 ? entries[0] : entries,
    items_per_resource_entry: total / entries.reduce((sum, n) => sum + n, 0),
    size_triggered: counter('batch_size'),
    timeout_or_shutdown_triggered: counter('timeout'),
    distinct_batchers: contexts.size,
    items_per_context: new Set(contexts.values()).size === 1 ? [...contexts.values()][0] : [...contexts.values()],
    first_split_datapoints: sizes[0],
    remaining_datapoints: sizes[1],
    error_on_request: failed?.request,
    permanent: failed?.error.permanent,
    error_contains: failed?.error.message.includes(want.error_contains) ? want.error_contains : failed?.error.message,
    elapsed_ms_at_most: Math.max(want.elapsed_ms_at_most, elapsed),
    elapsed_ms_at_least: Math.min(want.elapsed_ms_at_least, elapsed),
    within_ms: Math.max(want.within_ms, elapsed),
  }
  return Object.keys(want).map((key) => same(`${s.name}: ${key}`, got[key], want[key]))
}
