import { resolveConfig } from '../../../src/collector-config.ts'
import { createAccumulator } from '../../../src/embedded/collector/exporters/prometheus/accumulator.ts'
import { gather } from '../../../src/embedded/collector/exporters/prometheus/gather.ts'
import { settingsOf } from '../../../src/embedded/collector/exporters/prometheus/settings.ts'
import { formatFamilies } from '../../../src/embedded/collector/exporters/prometheus/text.ts'
import { createLogger } from '../../../src/embedded/collector/logger.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { type Case, same } from './case.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Json = any

export function exporterCases(suite: Json): Case[] {
  return [
    ...suite.text_contains.flatMap((c: Json) => (c.otlp ? textCase(c) : c.cases ? collectCases(c) : smallCase(c))),
    ...suite.validate.map(({ cfg, error }: Json) => same(`validate ${error}`, refusals(cfg).includes(error), true)),
  ]
}

function yamlOf(config: Json): string {
  return JSON.stringify({
    receivers: { otlp: { protocols: { grpc: {} } } },
    exporters: { prometheus: config },
    service: { pipelines: { metrics: { receivers: ['otlp'], exporters: ['prometheus'] } } },
  })
}

function refusals(config: Json): string[] {
  return resolveConfig(yamlOf(config), {}).diagnostics.map(({ message }) => message.replace(/^.*?: /, ''))
}

/** Our page for a config and some requests. */
function pageOf(config: Json, requests: Json[]): string {
  const scopeless = { without_scope_info: true, endpoint: 'localhost:8889', ...config }
  const { settings } = resolveConfig(yamlOf(scopeless), {}).config!.exporters.get('prometheus')!
  const logs = resolveConfig(yamlOf(scopeless), {}).config!.service.telemetry.logs
  const logger = createLogger({ config: logs, write: () => {} })
  const accumulator = createAccumulator(settings.metric_expiration, logger)
  for (const request of requests) accumulator.add(requestFromJson('metrics', request))
  const families = gather(accumulator.collect(), new Map(), settingsOf(settings, logger), logger)
  return formatFamilies(families, { openMetrics: false, escaping: 'underscores' })
}

/** The tests are of a version that had no scope labels. */
function textCase(c: Json): Case[] {
  const page = pageOf(c.config, c.otlp)
  const lines = page.split('\n')
  return c.contains.map((line: string) => ({
    name: `${c.name}: ${line}`,
    ok: lines.includes(line),
    detail: `want ${line}\n    got  ${page}`,
  }))
}

function request(resource: Record<string, string>, metric: Json): Json {
  const pairs = (map: Record<string, string>) =>
    Object.entries(map).map(([key, value]) => ({ key, value: { stringValue: value } }))
  return {
    resourceMetrics: [{ resource: { attributes: pairs(resource) }, scopeMetrics: [{ metrics: [metric] }] }],
  }
}

function collectCases(c: Json): Case[] {
  return c.cases.flatMap(({ kind, value, name, type }: Json) => {
    const point = { timeUnixNano: '1', ...(kind.endsWith('int') ? { asInt: value } : { asDouble: value }) }
    const monotonic = kind.includes(' monotonic')
    const metric = kind.startsWith('gauge')
      ? { name: 'test_metric', gauge: { dataPoints: [point] } }
      : { name: 'test_metric', sum: { isMonotonic: monotonic, aggregationTemporality: 2, dataPoints: [point] } }
    const page = pageOf(c.config, [request(c.resource, metric)])
    const line = `${name}{instance="${c.labels.instance}",job="${c.labels.job}"} ${value}`
    return [line, `# TYPE ${name} ${type}`, `# TYPE ${c.also_emits} gauge`].map((wanted) => ({
      name: `${kind}: ${wanted}`,
      ok: page.split('\n').includes(wanted),
      detail: `want ${wanted}\n    got  ${page}`,
    }))
  })
}

function smallCase(c: Json): Case[] {
  if (c.bounds) {
    const histogram = {
      aggregationTemporality: 2,
      dataPoints: [
        { timeUnixNano: '1', count: c.count, sum: c.sum, explicitBounds: c.bounds, bucketCounts: c.bucketCounts },
      ],
    }
    const page = pageOf({}, [request({}, { name: 'h', histogram })])
    return Object.entries(c.prom_buckets).map(([le, count]) =>
      same(`${c.name} le=${le}`, page.includes(`h_bucket{le="${le}"} ${count}\n`), true),
    )
  }
  const attributes = Object.entries(c.attributes).map(([key, value]) => ({ key, value: { stringValue: value } }))
  const page = pageOf({}, [
    request({}, { name: 'g', gauge: { dataPoints: [{ timeUnixNano: '1', asInt: 1, attributes }] } }),
  ])
  const labels = Object.entries(c.labels).map(([name, value]) => `${name}="${value}"`)
  return [same(c.name, page.includes(`g{${labels.join(',')}} 1\n`), true)]
}
