import { parseDuration } from '../util/duration.ts'
import { type ConfigNode, goTypeOf, isNil, type ListNode, plainOf } from './node.ts'
import { type Check, defaultOf, type OptionalSchema, type Schema, type StructSchema, string, struct } from './schema.ts'

/** One thing wrong with a value, in mapstructure's words (its errors.go, v2.5). */
export interface DecodeProblem {
  message: string
  at: number
  hint?: string
  severity?: 'warning'
}

/** What a struct's check says, kept apart: the collector validates only once everything has decoded. */
export interface CheckProblem extends DecodeProblem {
  /** The path of the section that complains, such as ['sending_queue']. */
  path: string[]
}

export interface Decoded {
  // biome-ignore lint/suspicious/noExplicitAny: shaped as the schema says
  settings: any
  problems: DecodeProblem[]
  checks: CheckProblem[]
}

interface Run {
  problems: DecodeProblem[]
  checks: CheckProblem[]
}

/** Reads `node` against `schema`; defaults are filled in, also when `node` is undefined or null. */
export function decode(node: ConfigNode | undefined, schema: StructSchema, at: number): Decoded {
  const run: Run = { problems: [], checks: [] }
  const settings = decodeStruct(node, schema, [], run, at)
  return { settings, ...run }
}

function problem(run: Run, path: string[], words: string, at: number, hint?: string): void {
  run.problems.push({ message: `'${nameOf(path)}' ${words}`, at, ...(hint && { hint }) })
}

/** mapstructure's field names: `protocols.grpc.endpoint`, `attributes[0].key`. */
function nameOf(path: string[]): string {
  return path.reduce((name, part) => (part.startsWith('[') || name === '' ? name + part : `${name}.${part}`), '')
}

function unconvertible(run: Run, path: string[], go: string, node: ConfigNode): void {
  problem(run, path, `expected type '${go}', got unconvertible type '${goTypeOf(node)}'`, node.at)
}

function decodeAny(node: ConfigNode, schema: Schema, path: string[], run: Run): unknown {
  if (schema.kind === 'struct') return decodeStruct(node, schema, path, run, node.at)
  if (schema.kind === 'optional') return decodeOptional(node, schema, path, run)
  if (schema.kind === 'list') return decodeList(node, schema, path, run)
  if (schema.kind === 'map') return decodeMap(node, schema, path, run)
  if (schema.kind === 'any') return plainOf(node)
  if (isNil(node) && node.original === undefined) return zeroOf(schema)
  if (schema.kind === 'int' || schema.kind === 'float') return decodeNumber(node, schema, path, run)
  if (schema.kind === 'duration') return decodeDuration(node, path, run)
  if (schema.kind === 'bool') {
    if (node.kind === 'scalar' && node.type === 'bool') return node.value
    if (!isNil(node)) unconvertible(run, path, 'bool', node)
    return schema.default
  }
  const written = textOf(node)
  if (written === undefined) {
    unconvertible(run, path, 'string', node)
    return schema.default
  }
  if (schema.kind === 'string') return written
  const parsed = schema.parse(written)
  if ('value' in parsed) return parsed.value
  problem(run, path, parsed.error, node.at)
  return schema.default
}

/** The text of a string, or of a whole `${env:X}` whatever it looks like. */
function textOf(node: ConfigNode): string | undefined {
  if (node.original !== undefined) return node.original
  return node.kind === 'scalar' && node.type === 'string' ? String(node.value) : undefined
}

/** A bare `key:` sets a scalar to Go's zero value, whatever its default. */
function zeroOf(schema: Schema): unknown {
  if (schema.kind === 'string') return ''
  if (schema.kind === 'bool') return false
  return schema.kind === 'text' ? schema.default : 0
}

function decodeNumber(node: ConfigNode, schema: Schema & { kind: 'int' | 'float' }, path: string[], run: Run): unknown {
  if (isNil(node)) return 0
  if (node.kind !== 'scalar' || typeof node.value !== 'number') {
    unconvertible(run, path, schema.go, node)
    return schema.default
  }
  if (schema.kind === 'float') return node.value
  if (schema.unsigned && node.value < 0) {
    problem(run, path, `cannot parse value as '${schema.go}': ${node.value} overflows uint`, node.at)
    return schema.default
  }
  return Math.trunc(node.value)
}

function decodeDuration(node: ConfigNode, path: string[], run: Run): unknown {
  if (isNil(node)) return 0
  if (node.kind === 'scalar' && typeof node.value === 'number') {
    // A bare number is nanoseconds: legal, and hardly ever meant.
    if (node.value !== 0) {
      run.problems.push({
        severity: 'warning',
        message: `'${nameOf(path)}' is ${node.value} nanoseconds: a number without a unit`,
        at: node.at,
        hint: `write the unit, such as ${node.value}s or ${node.value}ms`,
      })
    }
    return node.value / 1e6
  }
  if (node.kind !== 'scalar' || node.type !== 'string') {
    unconvertible(run, path, 'time.Duration', node)
    return 0
  }
  const ms = parseDuration(String(node.value))
  if (ms !== undefined) return ms
  problem(
    run,
    path,
    durationError(String(node.value)),
    node.at,
    'a duration is a number and a unit, such as 200ms, 1s or 1m30s',
  )
  return 0
}

function durationError(text: string): string {
  const term = /^[-+]?(\d+(\.\d*)?|\.\d+)/.exec(text)
  if (term === null) return 'time: invalid duration'
  return /[a-zµμ]/i.test(text.slice(term[0].length)) ? 'time: unknown unit' : 'time: missing unit in duration'
}

function decodeList(node: ConfigNode, schema: Schema & { kind: 'list' }, path: string[], run: Run): unknown {
  if (isNil(node)) return defaultOf(schema)
  const scalars = schema.of.kind === 'string' || schema.of.kind === 'text' || schema.of.kind === 'duration'
  if (node.kind === 'scalar' && node.type === 'string') {
    // A text is split at commas into a list of texts; for any other list it is no list.
    const parts = node.value === '' ? [] : String(node.value).split(',')
    if (scalars || parts.length === 0) {
      return parts.map((part, i) => decodeAny({ ...node, value: part }, schema.of, [...path, `[${i}]`], run))
    }
  }
  if (node.kind !== 'list') {
    const kind = node.kind === 'map' ? 'map' : goTypeOf(node)
    problem(run, path, `source data must be an array or slice, got ${kind}`, node.at)
    return defaultOf(schema)
  }
  const items = schema.bareItems === undefined ? node.items : grouped(node, schema.bareItems, path, run)
  return items.map((item, i) => decodeAny(item, schema.of, [...path, `[${i}]`], run))
}

/** `[text, text]` -> `[{key: [text, text]}]`; the two styles do not mix. */
function grouped(node: ListNode, key: string, path: string[], run: Run): ConfigNode[] {
  const bare = node.items.filter((item) => item.kind === 'scalar')
  const empty = bare.find(isNil)
  if (empty !== undefined) problem(run, path, 'condition cannot be empty', empty.at)
  if (bare.length === 0) return node.items
  if (bare.length < node.items.length) {
    const words =
      'configuring multiple configuration styles is not supported, please use only Basic configuration or only Advanced configuration'
    problem(run, path, words, node.at)
  }
  return [{ kind: 'map', at: node.at, entries: new Map([[key, { keyAt: node.at, value: { ...node, items: bare } }]]) }]
}

function decodeMap(node: ConfigNode, schema: Schema & { kind: 'map' }, path: string[], run: Run): unknown {
  if (isNil(node)) return defaultOf(schema)
  if (schema.pairs && node.kind === 'list') return decodePairs(node.items, path, run)
  if (node.kind !== 'map') {
    problem(run, path, `expected a map or struct, got "${kindOf(node)}"`, node.at)
    return defaultOf(schema)
  }
  return Object.fromEntries(
    [...node.entries].map(([key, entry]) => [key, decodeAny(entry.value, schema.of, [...path, `[${key}]`], run)]),
  )
}

const PAIR = struct('configopaque.Pair', { name: string(), value: string() })

function decodePairs(items: ConfigNode[], path: string[], run: Run): unknown {
  const pairs = items.map((item, i) => decodeStruct(item, PAIR, [...path, `[${i}]`], run, item.at))
  return Object.fromEntries((pairs as { name: string; value: string }[]).map(({ name, value }) => [name, value]))
}

/** reflect.Kind, for the messages that name it. */
function kindOf(node: ConfigNode): string {
  if (node.kind === 'list') return 'slice'
  if (node.kind === 'map') return 'map'
  return node.type === 'time.Time' ? 'struct' : node.type
}

function decodeOptional(node: ConfigNode, schema: OptionalSchema, path: string[], run: Run): unknown {
  if (isNil(node)) {
    if (schema.bare === 'on') return decodeStruct(undefined, schema.of, path, run, node.at)
    return defaultOf(schema)
  }
  if (node.kind !== 'map' || schema.of.fields.enabled !== undefined || schema.bare === 'off') {
    return decodeStruct(node, schema.of, path, run, node.at)
  }
  // configoptional: every optional section can be turned off by `enabled: false`.
  const enabled = node.entries.get('enabled')
  if (enabled === undefined) return decodeStruct(node, schema.of, path, run, node.at)
  const { value } = enabled
  if (value.kind !== 'scalar' || value.type !== 'bool') {
    const got = `got '${String(plainOf(value))}' value expected 'true' or 'false'`
    problem(run, path, `unexpected type ${goTypeOf(value)} for 'enabled': ${got}`, value.at)
    return undefined
  }
  const rest: ConfigNode = { ...node, entries: new Map([...node.entries].filter(([key]) => key !== 'enabled')) }
  // A section that is off is decoded for its problems, and not checked.
  const settings = decodeStruct(rest, schema.of, path, value.value ? run : { ...run, checks: [] }, node.at)
  return value.value ? settings : undefined
}

function decodeStruct(
  node: ConfigNode | undefined,
  schema: StructSchema,
  path: string[],
  run: Run,
  at: number,
): unknown {
  const settings: Record<string, unknown> = {}
  const entries = node?.kind === 'map' ? node.entries : undefined
  if (node !== undefined && !isNil(node) && entries === undefined) {
    problem(run, path, `expected a map or struct, got "${kindOf(node)}"`, node.at)
    return defaultOf(schema)
  }
  const problemsBefore = run.problems.length
  for (const [key, field] of Object.entries(schema.fields)) {
    const entry = entries?.get(key)
    if (entry !== undefined) settings[key] = decodeAny(entry.value, field, [...path, key], run)
    else if (field.kind === 'struct') settings[key] = decodeStruct(undefined, field, [...path, key], run, at)
    else if (field.kind === 'optional' && field.start === 'on') {
      settings[key] = decodeStruct(undefined, field.of, [...path, key], run, at)
    } else settings[key] = defaultOf(field)
  }
  const unknown = [...(entries ?? [])].filter(([key]) => !Object.hasOwn(schema.fields, key))
  if (schema.open) for (const [key, entry] of unknown) settings[key] = plainOf(entry.value)
  else if (unknown.length > 0) {
    const keys = unknown.map(([key]) => key).sort()
    const first = Math.min(...unknown.map(([, entry]) => entry.keyAt))
    problem(run, path, `has invalid keys: ${keys.join(', ')}`, first, nearKeys(keys, Object.keys(schema.fields)))
  }
  if (run.problems.slice(problemsBefore).every((p) => p.severity === 'warning') && schema.check) {
    runCheck(schema.check, settings, node, path, run, at)
  }
  return settings
}

function runCheck(check: Check, settings: unknown, node: ConfigNode | undefined, path: string[], run: Run, at: number) {
  for (const complaint of check(settings)) {
    let here = node
    let place = node?.at ?? at
    for (const key of complaint.key ?? []) {
      const index = Number(key)
      if (here?.kind === 'list') here = here.items[index]
      else if (here?.kind === 'map' && here.entries.has(key)) {
        place = here.entries.get(key)!.keyAt
        here = here.entries.get(key)!.value
        continue
      } else break
      place = here?.at ?? place
    }
    const { message, hint, severity } = complaint
    run.checks.push({ path, message, at: place, ...(hint && { hint }), ...(severity && { severity }) })
  }
}

function nearKeys(keys: string[], known: string[]): string {
  const near = keys.map((key) => nearest(key, known)).filter((key) => key !== undefined)
  if (near.length > 0) return `did you mean ${near.join(', ')}?`
  return `it takes: ${[...known].sort().join(', ')}`
}

/** The known word that differs least, when it differs by little. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(word, candidate)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}
