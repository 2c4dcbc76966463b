import { goPattern, groupCounts } from '../../util/go-regexp.ts'
import { parseLogField, strptimeOfGo } from '../../util/log-field.ts'
import { strptimeFault } from '../../util/strptime.ts'
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
  time_parser: ['parse_from'],
  move: ['from', 'to'],
  copy: ['from', 'to'],
  add: [],
  remove: ['field'],
  noop: [],
}

const EPOCHS = ['s', 'ms', 'us', 'ns', 's.ms', 's.us', 's.ns']
const ON_ERROR = ['send', 'send_quiet', 'drop', 'drop_quiet']

const isMap = (value: unknown): value is LogOperator =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is wrong with a type or a field: told when the config is read. */
export function unreadable(operator: unknown): Complaint | undefined {
  if (!isMap(operator)) return { message: `expected a map, got '${typeof operator}'` }
  const { type } = operator
  if (type === undefined)
    return { message: "missing required field 'type'", hint: `types: ${Object.keys(NEEDED).join(', ')}` }
  if (typeof type !== 'string') return { message: `non-string type ${typeof type} for field 'type'`, key: ['type'] }
  if (!Object.hasOwn(NEEDED, type)) {
    if (!ELSEWHERE.includes(type)) return { message: `unsupported type '${type}'`, key: ['type'] }
    const message = `the real collector has the operator ${type}, the embedded one does not`
    return { message, key: ['type'], hint: 'try it on the docker engine: otel-lab up --engine docker' }
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
        return { message: `unmarshal to ${type}: ${(error as Error).message}`, key: [...path, key], hint }
      }
    }
  }
  return undefined
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
  if (type === 'regex_parser') yield* regexFaults(String(operator.regex))
  if (type === 'add' && operator.value === undefined)
    yield { message: "missing required field 'value'", severity: 'warning' }
  if (type === 'time_parser') yield* timeFaults(operator)
  if (isMap(operator.timestamp)) yield* timeFaults(operator.timestamp, ['timestamp'])
  if (isMap(operator.severity) && operator.severity.parse_from === undefined) {
    yield { message: "missing required field 'parse_from'", key: ['severity'] }
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
