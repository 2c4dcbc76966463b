import { goPattern, groupCounts } from '../../util/go-regexp.ts'
import { parseLogField, strptimeOfGo } from '../../util/log-field.ts'
import { strptimeFault } from '../../util/strptime.ts'
import { zoneOffset } from '../../util/time-zone.ts'
import type { Complaint } from '../schema.ts'

/** An operator as its YAML has it; it may hold keys that nobody reads. */
export type LogOperator = Record<string, unknown>

/** Types of the real one that the lab does not run. */
const ELSEWHERE =
  'assign_keys container csv_parser file_input filter flatten json_array_parser key_value_parser recombine regex_replace retain router sanitize_utf8 scope_name_parser syslog_parser trace_parser unquote uri_parser'.split(
    ' ',
  )
/** What each type that runs must have. */
const NEEDED: Record<string, readonly string[]> = {
  json_parser: [],
  regex_parser: ['regex'],
  severity_parser: ['parse_from'],
  time_parser: [],
  move: [],
  copy: [],
  add: [],
  remove: [],
  noop: [],
}

const EPOCHS = ['s', 'ms', 'us', 'ns', 's.ms', 's.us', 's.ns']
const ON_ERROR = ['send', 'send_quiet', 'drop', 'drop_quiet']

const isMap = (value: unknown): value is LogOperator =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is wrong with a type or a field: told when the config is read. */
export function unreadable(operator: unknown): Complaint | undefined {
  if (!isMap(operator)) return { message: `expected a map or struct, got "${typeof operator}"` }
  const { type } = operator
  if (type === undefined)
    return { message: "missing required field 'type'", hint: `types: ${Object.keys(NEEDED).join(', ')}` }
  if (typeof type !== 'string') return { message: `non-string type ${typeof type} for field 'type'`, key: ['type'] }
  if (!Object.hasOwn(NEEDED, type)) {
    if (!ELSEWHERE.includes(type)) return { message: `unsupported type '${type}'`, key: ['type'] }
    const message = `the real collector has the operator ${type}, the embedded one does not`
    return { message, key: ['type'], hint: 'try it on the docker engine: otel-lab up --engine docker' }
  }
  for (const [key, is] of Object.entries({ parse_ints: 'bool', regex: 'string', preset: 'string' })) {
    const value = operator[key]
    if (value === undefined || typeof value === (is === 'bool' ? 'boolean' : is)) continue
    const got = typeof value === 'boolean' ? 'bool' : Number.isInteger(value) ? 'int' : typeof value
    const why = `'${key}' expected type '${is}', got unconvertible type '${got}'`
    return { message: `unmarshal to ${type}: decoding failed due to the following error(s):\n\n${why}`, key: [key] }
  }
  for (const [at, time] of [
    [[], type === 'time_parser' ? operator : undefined],
    [['timestamp'], operator.timestamp],
  ] as const) {
    const zone = isMap(time) ? time.location : undefined
    if (typeof zone !== 'string' || zone === '' || zoneOffset(zone, 0) !== undefined) continue
    const message = `invalid 'location': failed to load location ${zone}: unknown time zone ${zone}`
    return { message, key: [...at, 'location'] }
  }
  for (const [holder, path] of [
    [operator, []],
    [operator.timestamp, ['timestamp']],
    [operator.severity, ['severity']],
  ] as const) {
    if (!isMap(holder)) continue
    for (const key of ['parse_from', 'parse_to', 'from', 'to', 'field', 'body']) {
      const text = holder[key]
      if (typeof text !== 'string') continue
      try {
        parseLogField(text, key === 'parse_to' || type === 'remove')
      } catch (error) {
        const hint = 'a field starts with body, attributes or resource, such as attributes.level'
        const why = `decoding failed due to the following error(s):\n\n'${[...path, key].join('.')}' ${(error as Error).message}`
        return { message: `unmarshal to ${type}: ${why}`, key: [...path, key], hint }
      }
    }
  }
  const times = [
    ...(type === 'time_parser' ? timeFaults(operator) : []),
    ...(isMap(operator.timestamp) ? timeFaults(operator.timestamp, ['timestamp']) : []),
  ]
  return times.find(({ severity }) => severity !== 'warning')
}

/** What is wrong with an operator that can be read: told when it is built. */
export function* unbuildable(operator: LogOperator): Generator<Complaint> {
  const type = String(operator.type)
  const onError = operator.on_error ?? 'send'
  if (!ON_ERROR.includes(String(onError))) {
    const message = 'operator config has an invalid `on_error` field.'
    yield { message, key: ['on_error'], hint: `it is one of ${ON_ERROR.join(', ')}` }
  }
  if (operator.if !== undefined && operator.if !== '') {
    const message = 'the real collector evaluates if, the embedded one does not: the operator works on every line'
    yield { severity: 'warning', message, key: ['if'] }
  }
  for (const key of NEEDED[type] ?? []) {
    if (operator[key] === undefined || operator[key] === '') {
      yield { message: `missing required field '${key}'` }
      return
    }
  }
  for (const key of type === 'move' || type === 'copy' ? ['from', 'to'] : []) {
    if (operator[key] === undefined || operator[key] === '') return yield { message: `copy: missing ${key} field` }
  }
  if (type === 'remove' && (operator.field ?? '') === '') return yield { message: 'remove: field is empty' }
  if (type === 'regex_parser') yield* regexFaults(String(operator.regex))
  if (type === 'add' && operator.value === undefined)
    yield { message: "missing required field 'value'", severity: 'warning' }
  if (type === 'time_parser') yield* timeFaults(operator)
  if (isMap(operator.timestamp)) yield* timeFaults(operator.timestamp, ['timestamp'])
  const mapping = type === 'severity_parser' ? operator.mapping : isMap(operator.severity) && operator.severity.mapping
  if (isMap(mapping) && Object.values(mapping).some((values) => [values].flat().some(isNoRange))) {
    yield { message: 'type map[string]interface {} cannot be parsed as a severity', key: ['severity'] }
  }
  if (isMap(operator.severity) && operator.severity.parse_from === undefined) {
    yield { message: "missing required field 'parse_from'", key: ['severity'] }
  }
}

const isNoRange = (value: unknown) => isMap(value) && (value.min === undefined || value.max === undefined)

/** What is wrong with operators beside each other: two of a name, a way to none. */
export function* unconnectable(operators: readonly LogOperator[]): Generator<Complaint & { at: number }> {
  const ids: string[] = []
  for (const [at, { id, type }] of operators.entries()) {
    let name = String(id ?? type)
    for (let i = 1; id === undefined && ids.includes(name); i++) name = `${String(type)}${i}`
    if (ids.includes(name)) yield { at, message: `operator with id '${name}' already exists in pipeline`, key: ['id'] }
    ids.push(name)
  }
  for (const [at, { output }] of operators.entries()) {
    const missing = [output ?? []].flat().find((one) => !ids.includes(String(one)))
    if (missing === undefined) continue
    const message = `operator '${String(missing)}' does not exist: {"operator_id":"${ids[at]}"}`
    yield { at, message, key: ['output'], hint: `operators: ${ids.join(', ')}` }
  }
}

function* regexFaults(regex: string): Generator<Complaint> {
  const key = ['regex']
  try {
    goPattern(regex)
  } catch (error) {
    return yield { message: `compiling regex: ${(error as Error).message}`, key }
  }
  if (groupCounts(regex).named > 0) return
  const hint = "use named capture groups like '^(?P<my_key>.*)$' to specify the key name for the parsed field"
  yield { message: 'no named capture groups in regex pattern', key, hint }
}

function* timeFaults(time: LogOperator, path: string[] = []): Generator<Complaint> {
  const { layout = '', layout_type: kind = 'strptime', parse_from: from } = time
  const key = [...path, 'layout']
  if (from === undefined)
    return yield { message: "missing required parameter 'parse_from'", ...(path[0] && { key: path }) }
  if (layout === '')
    return yield { message: 'missing required configuration parameter `layout`', ...(path[0] && { key: path }) }
  if (kind === 'epoch') {
    const hint = "specify 's', 'ms', 'us', 'ns', 's.ms', 's.us', or 's.ns'"
    if (!EPOCHS.includes(String(layout))) yield { message: 'invalid `layout` for `epoch` type', key, hint }
  } else if (kind === 'strptime') {
    const fault = strptimeFault(String(layout))
    if (fault !== undefined) yield { message: `invalid strptime layout: ${fault}`, key }
  } else if (kind === 'gotime') {
    if (!strptimeOfGo(String(layout)).includes('%'))
      yield { message: 'invalid gotime layout', key, severity: 'warning' }
  } else {
    const hint = "valid values are 'strptime', 'gotime', and 'epoch'"
    yield { message: `unsupported layout_type ${String(kind)}`, key: [...path, 'layout_type'], hint }
  }
}
