import { suggestion } from './nearest.ts'
/**
 * What a component takes, as data: keys, types, defaults and checks. `decode.ts` reads a YAML value against it
 * and gives the plain settings. The kinds are those that the collector's Go configs are made of.
 */
export type Schema =
  | { kind: 'string'; default?: unknown }
  | { kind: 'bool'; default?: unknown }
  | { kind: 'duration'; default?: unknown }
  | { kind: 'any'; default?: unknown }
  | { kind: 'int'; go: string; unsigned: boolean; default?: unknown }
  | { kind: 'float'; go: string; unsigned: boolean; default?: unknown }
  /** `numbers`: what a number stands for, where the Go type is one. */
  | {
      kind: 'text'
      go: string
      parse(text: string): Parsed
      numbers?: ReadonlyMap<number, unknown>
      default?: unknown
    }
  /**
   * `bareItems`: items that are text may stand for a struct with that one list: `[a, b]` is `[{conditions: [a, b]}]`.
   * `emptyItem` is what is said of one that is nothing.
   */
  | { kind: 'list'; of: Schema; bareItems?: string; emptyItem?: string; default?: unknown }
  /** `pairs`: may also be written as a list of {name, value}. */
  | { kind: 'map'; of: Schema; pairs?: boolean; default?: unknown }
  | StructSchema
  | OptionalSchema

export type Parsed = { value: unknown } | { error: string; hint?: string }

export interface StructSchema {
  kind: 'struct'
  /** Go's name of the type, in the messages that name it. */
  go: string
  fields: Record<string, Schema>
  check?: Check
  /** It has an Unmarshal of its own in Go, so that errors in it are told as errors of a config in a config. */
  nests?: boolean
  /** Keys that are none of the fields are kept as they are. */
  open?: boolean
}

/** A section that is off, on, or off until it is written (configoptional None, Some, Default; a nil pointer is None). */
export interface OptionalSchema {
  kind: 'optional'
  of: StructSchema
  start: 'off' | 'on'
  /** What a bare `key:` does: turn the section on with its defaults, or leave it as it is. */
  bare: 'on' | 'off'
}

/** Settings, already decoded -> what is wrong with them, each with the key it is about. */
// biome-ignore lint/suspicious/noExplicitAny: the settings have the shape that the schema beside the check says
export type Check = (settings: any) => Iterable<Complaint>

export interface Complaint {
  message: string
  /** Fields of the Go config that the YAML does not show, but the message does (`exporters::x::clientconfig`). */
  section?: string
  /** The key to point at, from the struct down; the struct itself when absent. */
  key?: string[]
  hint?: string
  severity?: 'warning'
}

export const string = (value = ''): Schema => ({ kind: 'string', default: value })
export const bool = (value = false): Schema => ({ kind: 'bool', default: value })
export const int = (value = 0, go = 'int'): Schema => ({
  kind: 'int',
  go,
  unsigned: go.startsWith('uint'),
  default: value,
})
export const uint32 = (value = 0): Schema => int(value, 'uint32')
export const float = (value = 0): Schema => ({ kind: 'float', go: 'float64', unsigned: false, default: value })
/** @param ms default, in milliseconds */
export const duration = (ms = 0): Schema => ({ kind: 'duration', default: ms })
export const any = (): Schema => ({ kind: 'any' })
export const strings = (value?: string[]): Schema => list(string(), value)
export const list = (of: Schema, value?: unknown[]): Schema => ({ kind: 'list', of, default: value ?? [] })
/** A list that is undefined unless written, where "empty" and "absent" differ. */
export const maybeList = (of: Schema): Schema => ({ kind: 'list', of })
export const map = (of: Schema): Schema => ({ kind: 'map', of, default: {} })

/** @param go Go's name of the type */
export function text(
  parse: (text: string) => Parsed,
  value: unknown,
  go = 'string',
  numbers?: ReadonlyMap<number, unknown>,
): Schema {
  return { kind: 'text', go, parse, default: value, ...(numbers && { numbers }) }
}

export function struct(go: string, fields: Record<string, Schema>, check?: Check): StructSchema {
  return { kind: 'struct', go, fields, ...(check && { check }) }
}

export const off = (of: StructSchema): OptionalSchema => ({ kind: 'optional', of, start: 'off', bare: 'on' })
export const on = (of: StructSchema): OptionalSchema => ({ kind: 'optional', of, start: 'on', bare: 'on' })
/** A Go pointer: nil unless written with something in it. */
export const pointer = (of: StructSchema): OptionalSchema => ({ kind: 'optional', of, start: 'off', bare: 'off' })
/** A scalar that is undefined unless written. */
export function maybe(schema: Schema): Schema {
  const { default: _, ...rest } = schema as { default?: unknown }
  return rest as Schema
}

/** One of a few words; `words` is the message for any other. */
export function oneOf(
  values: readonly string[],
  value: string,
  complain: (text: string) => string,
  go?: string,
): Schema {
  const parse = (written: string) =>
    values.includes(written)
      ? { value: written }
      : { error: complain(written), hint: suggestion([written], values.filter(Boolean), 'it is one of') }
  return text(parse, value, go)
}

/** What a field is when nothing is written. A fresh value at each call. */
export function defaultOf(schema: Schema): unknown {
  if (schema.kind === 'struct') {
    return Object.fromEntries(Object.entries(schema.fields).map(([key, field]) => [key, defaultOf(field)]))
  }
  if (schema.kind === 'optional') return schema.start === 'on' ? defaultOf(schema.of) : undefined
  return schema.default === undefined ? undefined : structuredClone(schema.default)
}
