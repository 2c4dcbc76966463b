import { suggestion } from '../util/nearest.ts'
import { type CheckProblem, type DecodeProblem, nested, problem, type Run } from './decode-run.ts'
import { decodeScalar } from './decode-scalar.ts'
import { type ConfigNode, goTypeOf, isNil, type ListNode, plainOf } from './node.ts'
import { defaultOf, type OptionalSchema, type Schema, type StructSchema, string, struct } from './schema.ts'

export interface Decoded<T> {
  settings: T
  problems: DecodeProblem[]
  checks: CheckProblem[]
}

/**
 * Reads `node` against `schema`; defaults are filled in, also when `node` is undefined or null.
 * @param at where the section is, for what has no place of its own
 * @param path what the messages put in front of each key
 */
export function decode<T>(
  node: ConfigNode | undefined,
  schema: StructSchema<T>,
  at: number,
  path: string[] = [],
): Decoded<T> {
  const run: Run = { problems: [], checks: [], base: [] }
  const settings = decodeStruct(node, schema, path, run, at)
  // What does not fit the schema is a problem, and then nobody reads the settings.
  return { settings: settings as T, problems: run.problems, checks: run.checks }
}

function decodeAny(node: ConfigNode, schema: Schema, path: string[], run: Run): unknown {
  switch (schema.kind) {
    case 'struct':
      return decodeStruct(node, schema, path, run, node.at)
    case 'optional':
      return decodeOptional(node, schema, path, run)
    case 'list':
      return decodeList(node, schema, path, run)
    case 'map':
      return decodeMap(node, schema, path, run)
    case 'any':
      return plainOf(node)
    default:
      return decodeScalar(node, schema, path, run)
  }
}

function decodeList(node: ConfigNode, schema: Schema & { kind: 'list' }, path: string[], run: Run): unknown {
  if (isNil(node)) return defaultOf(schema)
  if (node.kind === 'scalar' && node.type === 'string' && schema.of.kind === 'string') {
    // A text is split at commas into a list of texts; for any other list it is no list.
    return node.value === '' ? [] : String(node.value).split(',')
  }
  if (node.kind !== 'list') {
    const kind = node.kind === 'map' ? 'map' : goTypeOf(node)
    problem(run, path, `source data must be an array or slice, got ${kind}`, node.at)
    return defaultOf(schema)
  }
  const items =
    schema.bareItems === undefined ? node.items : grouped(node, schema.bareItems, schema.emptyItem, path, run)
  return items.map((item, i) => decodeAny(item, schema.of, [...path, `[${i}]`], run))
}

/** `[text, text]` -> `[{key: [text, text]}]`; behind the first text there is no other style. */
function grouped(node: ListNode, key: string, emptyItem: string | undefined, path: string[], run: Run): ConfigNode[] {
  const bare = node.items.filter((item) => item.kind === 'scalar')
  const empty = bare.find(isNil)
  if (empty !== undefined) problem(run, path, emptyItem ?? 'condition cannot be empty', empty.at)
  if (bare.length === 0) return node.items
  const first = node.items.indexOf(bare[0]!)
  if (node.items.slice(first).some((item) => item.kind !== 'scalar')) {
    const words =
      'configuring multiple configuration styles is not supported, please use only Basic configuration or only Advanced configuration'
    problem(run, path, words, node.at)
  }
  const made = new Map([[key, { keyAt: node.at, value: { ...node, items: bare } }]])
  return [...node.items.slice(0, first), { kind: 'map', at: node.at, entries: made }]
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
  if (schema.bare === 'off') return decodeStruct(node, schema.of, path, run, node.at)
  const enabled = node.kind === 'map' ? node.entries.get('enabled') : undefined
  if (node.kind !== 'map' || enabled === undefined || schema.of.fields.enabled !== undefined) {
    return nested(run, path, (inner) => decodeStruct(node, schema.of, [], inner, node.at))
  }
  // configoptional: every optional section can be turned off by `enabled: false`.
  const { value } = enabled
  if (value.kind !== 'scalar' || value.type !== 'bool') {
    const got = `got '${String(plainOf(value))}' value expected 'true' or 'false'`
    problem(run, path, `unexpected type ${goTypeOf(value)} for 'enabled': ${got}`, value.at)
    return undefined
  }
  const rest: ConfigNode = { ...node, entries: new Map([...node.entries].filter(([key]) => key !== 'enabled')) }
  // A section that is off is decoded for its problems, and not checked.
  const settings = nested(run, path, (inner) =>
    decodeStruct(rest, schema.of, [], value.value ? inner : { ...inner, checks: [] }, node.at),
  )
  return value.value ? settings : undefined
}

function decodeStruct(
  node: ConfigNode | undefined,
  schema: StructSchema,
  path: string[],
  run: Run,
  at: number,
): unknown {
  if (schema.nests && node?.kind === 'map') {
    const { nests: _, ...plain } = schema
    return nested(run, path, (inner) => decodeStruct(node, plain, [], inner, at))
  }
  const settings: Record<string, unknown> = {}
  const entries = node?.kind === 'map' ? node.entries : undefined
  if (node !== undefined && !isNil(node) && entries === undefined) {
    const glued = node.kind === 'scalar' && /^\w+:\S/.test(String(node.value))
    const hint = glued ? 'is there a space behind the colon?' : undefined
    problem(run, path, `expected a map or struct, got "${kindOf(node)}"`, node.at, hint)
    return defaultOf(schema)
  }
  const problemsBefore = run.problems.length
  for (const [key, field] of Object.entries(schema.fields)) {
    const entry = entries?.get(key)
    if (entry !== undefined) settings[key] = decodeAny(entry.value, field, [...path, key], run)
    else settings[key] = absent(field, [...path, key], run, at)
  }
  const unknown = [...(entries ?? [])].filter(([key]) => !Object.hasOwn(schema.fields, key))
  if (schema.open) for (const [key, entry] of unknown) settings[key] = plainOf(entry.value)
  else if (unknown.length > 0) {
    const keys = unknown.map(([key]) => key).sort()
    const hint = suggestion(keys, Object.keys(schema.fields).sort(), 'it takes')
    // Where there is no name yet, the type stands for it.
    const named = path.length === 0 ? [schema.go] : path
    problem(run, named, `has invalid keys: ${keys.join(', ')}`, unknown[0]![1].keyAt, hint)
  }
  if (run.problems.slice(problemsBefore).every((p) => p.severity === 'warning') && schema.check) {
    runCheck(schema.check, settings, node, path, run, at)
  }
  return settings
}

/** What is not written is at its default; its checks run all the same. */
function absent(schema: Schema, path: string[], run: Run, at: number): unknown {
  if (schema.kind === 'struct') return decodeStruct(undefined, schema, path, run, at)
  if (schema.kind === 'optional' && schema.start === 'on') return decodeStruct(undefined, schema.of, path, run, at)
  return defaultOf(schema)
}

function runCheck(
  check: NonNullable<StructSchema['check']>,
  settings: unknown,
  node: ConfigNode | undefined,
  path: string[],
  run: Run,
  at: number,
): void {
  for (const complaint of check(settings)) {
    let here = node
    let place = node === undefined || isNil(node) ? at : node.at
    for (const key of complaint.key ?? []) {
      const entry = here?.kind === 'map' ? here.entries.get(key) : undefined
      const next = here?.kind === 'list' ? here.items[Number(key)] : entry?.value
      if (next === undefined) break
      here = next
      place = entry?.keyAt ?? next.at
    }
    const { message, hint, severity, section } = complaint
    const where = [...run.base, ...path, ...(section === undefined ? [] : [section])]
    run.checks.push({ path: where, message, at: place, ...(hint && { hint }), ...(severity && { severity }) })
  }
}
