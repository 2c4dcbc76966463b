import type { Context, Hono } from 'hono'
import type { ResultLine } from '../logql/results.ts'
import type { Labels } from '../logql/source.ts'
import { fieldType } from './field-type.ts'
import { checkBounds, checkEntries, checkpointFor, checkQuery } from './guard.ts'
import { fieldsOfLine } from './line-fields.ts'
import { intParam, limitParam, orderedBounds, refuse } from './params.ts'
import type { AppParts } from './parts.ts'
import { paramsOf } from './query.ts'

/** Labels that are always of interest, even when their values look like ids. */
const ALWAYS = new Set(['cluster', 'namespace', 'instance', 'pod'])
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const isId = (value: string) => (value.trim() !== '' && !Number.isNaN(Number(value))) || UUID.test(value)

interface Field {
  values: Set<string>
  type: string
  parsers: string[]
  jsonPath: string[] | undefined
}

/** /detected_labels, /detected_fields and /detected_field/NAME/values, which Grafana's Logs Drilldown lives on. */
export function addDetectedRoutes(app: Hono, parts: AppParts): void {
  const { logql, store, limits, now } = parts

  app.on(['GET', 'POST'], '/loki/api/v1/detected_labels', async (c) => {
    const params = await paramsOf(c, now)
    const { startNanos, endNanos } = checkBounds(orderedBounds(params), limits, params.nowNanos)
    const matchers = params.query === '' ? [] : logql.parseMatchers(params.query)
    const values = new Map<string, Set<string>>()
    for (const { labels } of store.matching(matchers, startNanos, endNanos + 1n)) {
      for (const [name, value] of labels) values.set(name, (values.get(name) ?? new Set()).add(value))
    }
    const detectedLabels = [...values]
      .filter(([name, all]) => ALWAYS.has(name) || ![...all].every(isId))
      .map(([label, all]) => ({ label, cardinality: all.size }))
    return c.json({ detectedLabels })
  })

  /** The newest lines of the query, with their structured metadata and what can be read out of them. */
  const read = async (c: Context) => {
    const params = await paramsOf(c, now)
    const bounds = orderedBounds(params)
    const lineLimit = limitParam(params, 'line_limit')
    const limit = intParam(params, 'limit', intParam(params, 'field_limit', 1000))
    if (limit <= 0) refuse('limit must be a positive value')
    const query = logql.parse(params.query)
    if (query.kind !== 'logs') refuse('only log selector is supported')
    checkEntries(lineLimit, limits)
    const window = checkQuery(query, bounds, lineLimit, limits, params.nowNanos)
    const checkpoint = checkpointFor(c.req.raw.signal, limits)
    const request = { query, source: store, ...window, limit: lineLimit, stepNanos: 1n, checkpoint }
    const result = await logql.range({ ...request, direction: 'backward' })
    return { limit, lines: result.type === 'streams' ? result.lines : [] }
  }

  app.on(['GET', 'POST'], '/loki/api/v1/detected_fields', async (c) => {
    const { limit, lines } = await read(c)
    const fields = detectFields(lines, limit)
    const list = [...fields].map(([label, { type, values, parsers, jsonPath }]) => ({
      label,
      type,
      cardinality: values.size,
      parsers: parsers.length > 0 ? parsers : null,
      ...(jsonPath === undefined ? {} : { jsonPath }),
    }))
    return c.json(list.length > 0 ? { fields: list, limit } : {})
  })

  app.on(['GET', 'POST'], '/loki/api/v1/detected_field/:name/values', async (c) => {
    const { limit, lines } = await read(c)
    const values = [...(detectFields(lines, Number.POSITIVE_INFINITY).get(c.req.param('name'))?.values ?? [])]
    return c.json(values.length > 0 ? { values: values.slice(0, limit), limit } : {})
  })
}

function detectFields(lines: readonly ResultLine[], limit: number): Map<string, Field> {
  const fields = new Map<string, Field>()
  const note = (name: string, value: string, parsers: string[], jsonPath?: string[]) => {
    let field = fields.get(name)
    if (field === undefined) {
      if (fields.size >= limit) return
      field = { values: new Set(), type: fieldType(value), parsers: [], jsonPath }
      fields.set(name, field)
    }
    field.values.add(value)
    for (const parser of parsers) if (!field.parsers.includes(parser)) field.parsers.push(parser)
  }
  for (const { line, stream, structuredMetadata, parsed } of lines) {
    for (const [name, value] of structuredMetadata) note(name, value, [])
    for (const [name, value] of parsed) if (!name.startsWith('__error')) note(name, value, [])
    const found = fieldsOfLine(line)
    for (const { name, value, path } of found.fields) {
      note(has(stream, name) ? `${name}_extracted` : name, value, [found.parser], path)
    }
  }
  return fields
}

const has = (labels: Labels, name: string) => labels.some(([key]) => key === name)
