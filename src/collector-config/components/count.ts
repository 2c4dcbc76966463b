import type { Context } from '../../ottl.ts'
import { component } from '../component.ts'
import { any, type Complaint, list, map, type SettingsIn, string, strings, struct } from '../schema.ts'
import { conditionFault } from '../shared/ottl-fault.ts'

/** What is counted by default, by the setting's key: the metric and its description. */
const DEFAULTS: Record<string, [name: string, description: string]> = {
  spans: ['trace.span.count', 'The number of spans observed.'],
  spanevents: ['trace.span.event.count', 'The number of span events observed.'],
  metrics: ['metric.count', 'The number of metrics observed.'],
  datapoints: ['metric.datapoint.count', 'The number of data points observed.'],
  logs: ['log.record.count', 'The number of log records observed.'],
}

const CONTEXTS: Record<string, Context> = {
  spans: 'span',
  spanevents: 'spanevent',
  metrics: 'metric',
  datapoints: 'datapoint',
  logs: 'log',
}

interface MetricInfo {
  description: string
  conditions: string[]
  attributes: { key: string; default_value?: unknown }[]
}

const metrics = (key: string) => {
  const info = struct('countconnector.MetricInfo', {
    description: string(),
    conditions: strings(),
    attributes: list(struct('countconnector.AttributeConfig', { key: string(), default_value: any() })),
  })
  const [name, description] = DEFAULTS[key]!
  return { ...map(info), default: { [name]: { description, conditions: [], attributes: [] } } }
}

const fields = {
  spans: metrics('spans'),
  spanevents: metrics('spanevents'),
  metrics: metrics('metrics'),
  datapoints: metrics('datapoints'),
  logs: metrics('logs'),
}

function* check(c: SettingsIn<typeof fields>): Generator<Complaint> {
  for (const [section, context] of Object.entries(CONTEXTS)) {
    for (const [name, info] of Object.entries(c[section as 'spans'] as Record<string, MetricInfo>)) {
      const key = [section, name]
      if (name === '') return yield { message: `${section}: metric name missing`, key }
      const fault = conditionFault(info.conditions, context)
      const metric = `metric ${JSON.stringify(name)}`
      if (fault !== undefined) return yield { message: `${section} condition: ${metric}: ${fault}`, key }
      if (section === 'metrics' && info.attributes.length > 0) {
        return yield { message: `metrics attributes not supported: ${metric}`, key }
      }
      if (info.attributes.some(({ key: attribute }) => attribute === '')) {
        const told = section === 'datapoints' ? 'spans' : section
        return yield { message: `${told} attributes: ${metric}: attribute key missing`, key }
      }
    }
  }
}

/** Counts what passes, as metrics. */
export const countConnector = component({
  kind: 'connector',
  type: 'count',
  signals: [],
  routes: [
    ['traces', 'metrics'],
    ['metrics', 'metrics'],
    ['logs', 'metrics'],
  ],
  schema: {
    ...struct('countconnector.Config', fields, check),
    open: true,
    nests: true,
  },
})
