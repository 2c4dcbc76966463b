import { afterEach, expect, test } from 'vitest'
import { evaluatorOf } from '../../../src/embedded/collector/tail-sampling/policies.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'
import type { ResourceOf, Span } from '../../../src/otlp/types.ts'
import { type Bench, bench, until } from './support.ts'

let open: Bench | undefined
afterEach(() => open?.end())

const config = (settings: string) => `
receivers: {otlp: {protocols: {grpc: {}}}}
processors:
  tail_sampling: {decision_wait: 1s, ${settings}}
exporters: {otlp_grpc: {endpoint: 'tempo:4317', tls: {insecure: true}, sending_queue: {enabled: false}}}
service: {pipelines: {traces: {receivers: [otlp], processors: [tail_sampling], exporters: [otlp_grpc]}}}
`

interface Spec {
  trace: number
  name: string
  error?: boolean
  root?: boolean
}

const idOf = (trace: number) => `5b8efff798038103d269b6338${String(trace).padStart(7, '0')}`

function request(...specs: Spec[]) {
  const spans = specs.map(({ trace, name, error, root = true }, i) => ({
    traceId: idOf(trace),
    spanId: `eee19b7ec3c1${(0xb170 + i).toString(16)}`,
    ...(root ? {} : { parentSpanId: 'eee19b7ec3c1ffff' }),
    name,
    startTimeUnixNano: '1544712660000000000',
    endTimeUnixNano: '1544712661000000000',
    ...(error ? { status: { code: 2 } } : {}),
  }))
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'app' } }] }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 's' }, spans }] }] }
}

async function started(settings: string) {
  open = await bench()
  const backend = await open.backend()
  const service = await open.start(config(settings))
  const names = () =>
    backend.got
      .flatMap(({ data }) => (data as ResourceOf<Span>[]).flatMap(({ scopes }) => scopes.flatMap(({ items }) => items)))
      .map(({ name }) => name)
      .sort()
  const page = async () => (await fetch(`http://127.0.0.1:${service.ports().telemetry}/metrics`)).text()
  return { names, page, service, send: (...specs: Spec[]) => open!.send('traces', request(...specs)) }
}

test('a trace with an error comes whole, and late spans of it; the others do not', async () => {
  const { names, page, send } = await started(
    'policies: [{name: e, type: status_code, status_code: {status_codes: [ERROR]}}]',
  )
  await send({ trace: 1, name: 'good' }, { trace: 2, name: 'root' })
  await send({ trace: 2, name: 'broken', error: true, root: false }, { trace: 1, name: 'good too', root: false })
  await until(() => names().length === 2, 15_000)
  await send({ trace: 2, name: 'late', root: false }, { trace: 1, name: 'late too', root: false })
  await until(() => names().includes('late'), 15_000)
  expect(names()).toEqual(['broken', 'late', 'root'])
  const metrics = await page()
  expect(metrics).toMatch(/tail_sampling_count_traces_sampled\{decision="sampled",policy="e",sampled="true"\} 1/)
  expect(metrics).toMatch(/tail_sampling_global_count_traces_sampled\{decision="not_sampled",sampled="false"\} 1/)
  expect(metrics).toMatch(/tail_sampling_new_trace_id_received 2/)
})

test('what is held is decided on when the collector stops', async () => {
  const { names, service, send } = await started(
    'decision_wait_after_root_received: 0s, policies: [{name: a, type: always_sample}]',
  )
  await send({ trace: 1, name: 'held' })
  await service.stop()
  expect(names()).toEqual(['held'])
})

test('only so many traces are held: the oldest goes, and is counted', async () => {
  const { names, page, send } = await started('num_traces: 1, policies: [{name: a, type: always_sample}]')
  await send({ trace: 1, name: 'first' }, { trace: 2, name: 'second' })
  await until(() => names().length > 0, 15_000)
  expect(names()).toEqual(['second'])
  expect(await page()).toContain('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early 1')
})

test('a decision cache remembers a trace that is no longer held', async () => {
  const { names, page, send } = await started(
    'decision_cache: {sampled_cache_size: 10, non_sampled_cache_size: 10}, policies: [{name: e, type: status_code, status_code: {status_codes: [ERROR]}}]',
  )
  await send({ trace: 1, name: 'broken', error: true }, { trace: 2, name: 'good' })
  await until(() => names().length === 1, 15_000)
  await send({ trace: 1, name: 'late' }, { trace: 2, name: 'late good' })
  await until(async () => (await page()).includes('early_releases_from_cache_decision{sampled="false"} 1'), 15_000)
  expect(names()).toEqual(['broken', 'late'])
})

const view = (spans: object[], resource: object[] = []) => {
  const groups = requestFromJson('traces', {
    resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ spans }] }],
  }) as ResourceOf<Span>[]
  return { traceId: idOf(1), spanCount: spans.length, bytes: 100, groups }
}
const at = (ms: number) => String(1544712660000000000n + BigInt(ms) * 1_000_000n)
const span = (more: object) => ({ startTimeUnixNano: at(0), endTimeUnixNano: at(100), ...more })
const attribute = (key: string, value: object) => ({ key, value })

test.each([
  ['latency', { threshold_ms: 99, upper_threshold_ms: 0 }, true],
  ['latency', { threshold_ms: 100, upper_threshold_ms: 0 }, false],
  ['latency', { threshold_ms: 50, upper_threshold_ms: 90 }, false],
  ['numeric_attribute', { key: 'n', min_value: 5, max_value: 0, invert_match: false }, true],
  ['numeric_attribute', { key: 'n', min_value: 8, max_value: 9, invert_match: false }, false],
  ['numeric_attribute', { key: 'n', min_value: 8, max_value: 9, invert_match: true }, true],
  ['boolean_attribute', { key: 'b', value: true, invert_match: false }, true],
  ['boolean_attribute', { key: 'b', value: true, invert_match: true }, false],
  ['string_attribute', { key: 's', values: ['x', 'y'], enabled_regex_matching: false, invert_match: false }, true],
  ['string_attribute', { key: 's', values: ['^z'], enabled_regex_matching: true, invert_match: true }, true],
  [
    'string_attribute',
    { key: 'service.name', values: ['app'], enabled_regex_matching: false, invert_match: false },
    true,
  ],
  ['span_count', { min_spans: 2, max_spans: 0 }, false],
  ['trace_state', { key: 'k', values: ['v'] }, true],
  ['ottl_condition', { span: ['attributes["n"] == 7'], spanevent: [], error_mode: 'ignore' }, true],
  ['ottl_condition', { span: ['span.attributes["n"] == 8'], spanevent: [], error_mode: 'ignore' }, false],
  ['probabilistic', { hash_salt: '', sampling_percentage: 100 }, true],
  ['probabilistic', { hash_salt: '', sampling_percentage: 0 }, false],
] as const)('%s %j: %s', (type, part, sampled) => {
  const attributes = [
    attribute('n', { intValue: '7' }),
    attribute('b', { boolValue: true }),
    attribute('s', { stringValue: 'x' }),
  ]
  const trace = view(
    [span({ attributes, traceState: 'a=b, k=v' })],
    [attribute('service.name', { stringValue: 'app' })],
  )
  const policy = { name: 'p', type, [type]: part }
  expect(evaluatorOf(policy)(trace, 0)).toBe(sampled ? 'sampled' : 'not_sampled')
  const not = { name: 'n', type: 'not', not: { not_sub_policy: policy } }
  expect(evaluatorOf(not)(trace, 0)).toBe(sampled ? 'not_sampled' : 'sampled')
  const drop = { name: 'd', type: 'drop', drop: { drop_sub_policy: [policy, { name: 'a', type: 'always_sample' }] } }
  expect(evaluatorOf(drop)(trace, 0)).toBe(sampled ? 'dropped' : 'not_sampled')
})

test('rates are shared out by the second', () => {
  const limited = evaluatorOf({
    name: 'r',
    type: 'rate_limiting',
    rate_limiting: { spans_per_second: 2, burst_capacity: 0 },
  })
  const trace = view([span({}), span({})])
  expect([0, 0, 0, 1000].map((now) => limited(trace, now))).toEqual(['sampled', 'sampled', 'not_sampled', 'sampled'])
  const composite = evaluatorOf({
    name: 'c',
    type: 'composite',
    composite: {
      max_total_spans_per_second: 10,
      composite_sub_policy: [
        { name: 'few', type: 'span_count', span_count: { min_spans: 2, max_spans: 0 } },
        { name: 'rest', type: 'always_sample' },
      ],
      rate_allocation: [{ policy: 'few', percent: 40 }],
    },
  })
  const all = [1000, 1000, 1000, 2000].map((now) => composite(trace, now))
  expect(all).toEqual(['sampled', 'sampled', 'not_sampled', 'sampled'])
})
