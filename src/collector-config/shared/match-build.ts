import { goMatcher } from '../../util/go-regexp.ts'
import type { Signal } from '../../util/signal.ts'
import type { Complaint } from '../schema.ts'

/** What building include and exclude refuses (internal/filter of contrib): the first fault, with its place. */
interface Properties {
  match_type: string
  services: string[]
  span_names: string[]
  span_kinds: string[]
  log_bodies: string[]
  log_severity_texts: string[]
  log_severity_number?: unknown
  metric_names: string[]
  attributes: Attribute[]
  resources: Attribute[]
  libraries: { name: string; version?: string | undefined }[]
}
interface Attribute {
  key: string
  value?: unknown
}

class Fault extends Error {}

export interface MatchConfig {
  include?: Properties | undefined
  exclude?: Properties | undefined
}

export function* matchProblems(config: MatchConfig, signal: Signal, at: string[] = []): Generator<Complaint> {
  for (const key of ['include', 'exclude'] as const) {
    const properties = config[key]
    if (properties === undefined) continue
    const fault = faultOf(() => build(properties, signal))
    if (fault === undefined) continue
    yield { message: fault, key: [...at, key] }
    return
  }
}

export function faultOf(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
}

function build(p: Properties, signal: Signal): void {
  VALIDATE[signal](p)
  if (signal === 'metrics') return
  for (const { name, version } of p.libraries) {
    filterSet([name], p.match_type, 'error creating library name filters: ')
    if (version != null) filterSet([version], p.match_type, 'error creating library version filters: ')
  }
  attributeFilters(p.attributes, p.match_type, 'error creating attribute filters: ')
  attributeFilters(p.resources, p.match_type, 'error creating resource filters: ')
  const sets =
    signal === 'traces'
      ? { service_name: p.services, span_name: p.span_names, span_kind: p.span_kinds }
      : { log_record_body: p.log_bodies, log_record_severity_text: p.log_severity_texts }
  for (const [what, filters] of Object.entries(sets)) {
    filterSet(filters, p.match_type, `error creating ${what.replaceAll('_', ' ')} filters: `)
  }
}

const KINDS = ['CONSUMER', 'CLIENT', 'INTERNAL', 'PRODUCER', 'SERVER'].map((kind) => `SPAN_KIND_${kind}`)

const VALIDATE: Record<Signal, (p: Properties) => void> = {
  traces(p) {
    for (const [key, value] of [
      ['log_bodies', p.log_bodies],
      ['log_severity_texts', p.log_severity_texts],
      ['log_severity_number', p.log_severity_number === undefined ? [] : [0]],
      ['metric_names', p.metric_names],
    ] as const) {
      if (value.length > 0) throw new Fault(`${key} should not be specified for trace spans`)
    }
    if ([p.services, p.span_names, p.attributes, p.libraries, p.resources, p.span_kinds].every(isEmpty)) {
      throw new Fault('at least one of "attributes", "libraries",  or "resources" field must be specified')
    }
    if (p.match_type === 'strict' && p.span_kinds.some((kind) => !KINDS.includes(kind))) {
      // Go prints as many empty texts as there are kinds in front.
      const listed = `[${' '.repeat(KINDS.length)}${[...KINDS].sort().join(' ')}]`
      throw new Fault(`span_kinds string must match one of the standard span kinds when match_type=strict: ${listed}`)
    }
  },
  logs(p) {
    if (![p.span_names, p.services, p.span_kinds, p.metric_names].every(isEmpty)) {
      throw new Fault('services, span_names, span_kinds and metric_names are not valid for log records')
    }
    const given = [p.attributes, p.libraries, p.resources, p.log_bodies, p.log_severity_texts]
    if (given.every(isEmpty) && p.log_severity_number === undefined) {
      throw new Fault(
        'at least one of "attributes", "libraries", "span_kinds", "resources", "log_bodies", "log_severity_texts" or "log_severity_number" field must be specified',
      )
    }
  },
  metrics(p) {
    const foreign = [
      p.log_bodies,
      p.log_severity_texts,
      p.span_names,
      p.services,
      p.span_kinds,
      p.attributes,
      p.libraries,
    ]
    if (!foreign.every(isEmpty) || p.log_severity_number !== undefined) {
      throw new Fault(
        '"span_names", "span_kinds", "log_bodies", "log_severity_texts", "log_severity_number", "services", "attributes" and "libraries" are not valid for metrics',
      )
    }
    if (isEmpty(p.metric_names) && isEmpty(p.resources)) {
      throw new Fault('at least one of "metric_names" or "resources" field must be specified')
    }
    metricFilters(p.metric_names, p.match_type)
  },
}

const isEmpty = (list: readonly unknown[]) => list.length === 0

/** filtermetric's own. */
export function metricFilters(names: string[], type: string): void {
  if (names.length > 0) filterSet(names, type, '')
}

export function attributeFilters(attributes: Attribute[], type: string, what: string): void {
  for (const { key, value } of attributes) {
    if (key === '') throw new Fault(`${what}can't have empty key in the list of attributes`)
    if (value == null) continue
    if (type === 'regexp') {
      if (typeof value !== 'string') {
        const words = `match_type=regexp for ${JSON.stringify(key)} only supports Str, but found ${kindOf(value)}`
        throw new Fault(`${what}${words}`)
      }
      filterSet([value], type, what)
    } else if (type !== 'strict') throw new Fault(`${what}${unrecognized(type)}`)
  }
}

function filterSet(filters: string[], type: string, what: string): void {
  if (filters.length === 0) return
  if (type !== 'regexp' && type !== 'strict') throw new Fault(`${what}${unrecognized(type)}`)
  if (type === 'strict') return
  for (const pattern of filters) {
    try {
      goMatcher(pattern)
    } catch (error) {
      throw new Fault(`${what}${(error as Error).message}`)
    }
  }
}

const unrecognized = (type: string) => `unrecognized match_type: '${type}', valid types are: [regexp strict]`

function kindOf(value: unknown): string {
  if (typeof value === 'boolean') return 'Bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'Int' : 'Double'
  return Array.isArray(value) ? 'Slice' : 'Map'
}
