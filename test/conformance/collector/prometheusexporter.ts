import { resolveConfig } from '../../../src/collector-config.ts'
import { createAccumulator } from '../../../src/embedded/collector/exporters/prometheus/accumulator.ts'
import { gather } from '../../../src/embedded/collector/exporters/prometheus/gather.ts'
import { settingsOf } from '../../../src/embedded/collector/exporters/prometheus/settings.ts'
import { formatFamilies } from '../../../src/embedded/collector/exporters/prometheus/text.ts'
import { NO_OUTPUTS } from '../../../src/embedded/collector/log-outputs.ts'
import { createLogger } from '../../../src/embedded/collector/logger.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { same } from '../shared/same.ts'
import { judged, type Verdict } from '../shared/tally.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Json = any

/** The cases come in shapes of their own; one that breaks, or has no shape known here, is a failed case. */
export async function exporterCases(suite: Json): Promise<Verdict[]> {
  const shapes = (c: Json) => (c.otlp ? textCase(c) : c.cases ? collectCases(c) : smallCase(c))
  const put = async (name: string, work: () => Verdict[]): Promise<Verdict[]> => {
    let verdicts: Verdict[] = []
    const whole = await judged(name, () => {
      verdicts = work()
      return verdicts.length > 0 ? undefined : 'nothing was judged'
    })
    return whole[0] ? verdicts : [whole]
  }
  const texts = await Promise.all(suite.text_contains.map((c: Json) => put(c.name, () => shapes(c))))
  const validations = await Promise.all(
    suite.validate.map(({ cfg, error }: Json) =>
      put(error, () => [same(`validate ${error}`, refusals(cfg).includes(error), true)]),
    ),
  )
  return [...texts, ...validations].flat()
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
  const logger = createLogger({ config: logs, outputs: NO_OUTPUTS })
  const accumulator = createAccumulator(settings.metric_expiration, logger)
  for (const request of requests) accumulator.add(requestFromJson('metrics', request))
  const families = gather(accumulator.collect(), new Map(), settingsOf(settings, logger), logger)
  return formatFamilies(families, { openMetrics: false, escaping: 'underscores' })
}

/** The tests are of a version that had no scope labels. */
function textCase(c: Json): Verdict[] {
  const page = pageOf(c.config, c.otlp)
  const lines = page.split('\n')
  return c.contains.map((line: string) => [lines.includes(line), `${c.name}: want ${line}\n    got  ${page}`])
}

function request(resource: Record<string, string>, metric: Json): Json {
  const pairs = (map: Record<string, string>) =>
    Object.entries(map).map(([key, value]) => ({ key, value: { stringValue: value } }))
  return {
    resourceMetrics: [{ resource: { attributes: pairs(resource) }, scopeMetrics: [{ metrics: [metric] }] }],
  }
}

function collectCases(c: Json): Verdict[] {
  return c.cases.flatMap(({ kind, value, name, type }: Json) => {
    const point = { timeUnixNano: '1', ...(kind.endsWith('int') ? { asInt: value } : { asDouble: value }) }
    const monotonic = kind.includes(' monotonic')
    const metric = kind.startsWith('gauge')
      ? { name: 'test_metric', gauge: { dataPoints: [point] } }
      : { name: 'test_metric', sum: { isMonotonic: monotonic, aggregationTemporality: 2, dataPoints: [point] } }
    const page = pageOf(c.config, [request(c.resource, metric)])
    const line = `${name}{instance="${c.labels.instance}",job="${c.labels.job}"} ${value}`
    return [line, `# TYPE ${name} ${type}`, `# TYPE ${c.also_emits} gauge`].map(
      (wanted): Verdict => [page.split('\n').includes(wanted), `${kind}: want ${wanted}\n    got  ${page}`],
    )
  })
}

function smallCase(c: Json): Verdict[] {
  if (c.bounds === undefined && c.attributes === undefined) throw new Error(`no shape known for ${Object.keys(c)}`)
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
