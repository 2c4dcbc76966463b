import { suggestion } from '../util/nearest.ts'

declare const SETTINGS: unique symbol

/** What is decoded has the type T. For the compiler alone: no schema has the property. */
interface Typed<T> {
  readonly [SETTINGS]?: () => T
}

/**
 * What a component takes, as data: keys, types, defaults and checks. `decode.ts` reads a YAML value against it
 * and gives the plain settings, of type T. The kinds are those that the collector's Go configs are made of.
 */
export type Schema<T = unknown> = Typed<T> & (Scalar | ListSchema | MapSchema | StructSchema<T> | OptionalSchema<T>)

/** The type of what a schema decodes to. */
export type SettingsOf<S> = S extends Typed<infer T> ? T : never

type Scalar =
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
      numbers?: { get(number: number): unknown }
      default?: unknown
    }

/**
 * `bareItems`: items that are text may stand for a struct with that one list: `[a, b]` is `[{conditions: [a, b]}]`.
 * `emptyItem` is what is said of one that is nothing.
 */
export interface ListSchema {
  kind: 'list'
  of: Schema
  bareItems?: string
  emptyItem?: string
  default?: unknown
}

/** `pairs`: may also be written as a list of {name, value}. */
export interface MapSchema {
  kind: 'map'
  of: Schema
  pairs?: boolean
  default?: unknown
}

export type Parsed = { value: unknown } | { error: string; hint?: string }

export interface StructSchema<T = unknown> extends Typed<T> {
  kind: 'struct'
  /** Go's name of the type, in the messages that name it. */
  go: string
  fields: Fields
  /** Settings, already decoded -> what is wrong with them, each with the key it is about. */
  check?(settings: T): Iterable<Complaint>
  /** It has an Unmarshal of its own in Go, so that errors in it are told as errors of a config in a config. */
  nests?: boolean
  /** Keys that are none of the fields are kept as they are. */
  open?: boolean
}

export type Fields = Record<string, Schema>
/** The settings of a struct with these fields. */
export type SettingsIn<F extends Fields> = { [K in keyof F]: SettingsOf<F[K]> }

/** A section that is off, on, or off until it is written (configoptional None, Some, Default; a nil pointer is None). */
export interface OptionalSchema<T = unknown> extends Typed<T> {
  kind: 'optional'
  of: StructSchema
  start: 'off' | 'on'
  /** What a bare `key:` does: turn the section on with its defaults, or leave it as it is. */
  bare: 'on' | 'off'
}

export interface Complaint {
  message: string
  /** Fields of the Go config that the YAML does not show, but the message does (`exporters::x::clientconfig`). */
  section?: string
  /** The key to point at, from the struct down; the struct itself when absent. */
  key?: string[]
  hint?: string
  severity?: 'warning'
}

export const string = (value = ''): Schema<string> => ({ kind: 'string', default: value })
export const bool = (value = false): Schema<boolean> => ({ kind: 'bool', default: value })
export const int = (value = 0, go = 'int'): Schema<number> => ({
  kind: 'int',
  go,
  unsigned: go.startsWith('uint'),
  default: value,
})
export const uint32 = (value = 0): Schema<number> => int(value, 'uint32')
export const float = (value = 0, go = 'float64'): Schema<number> => ({
  kind: 'float',
  go,
  unsigned: false,
  default: value,
})
/** @param ms default, in milliseconds */
export const duration = (ms = 0): Schema<number> => ({ kind: 'duration', default: ms })
export const any = (): Schema => ({ kind: 'any' })
export const strings = (value?: string[]): Schema<string[]> => list(string(), value)
export const list = <T>(of: Schema<T>, value?: T[]): Schema<T[]> => ({ kind: 'list', of, default: value ?? [] })
/** A list that is undefined unless written, where "empty" and "absent" differ. */
export const maybeList = <T>(of: Schema<T>): Schema<T[] | undefined> => ({ kind: 'list', of })
export const map = <T>(of: Schema<T>): Schema<Record<string, T>> => ({ kind: 'map', of, default: {} })

/** @param go Go's name of the type */
export function text<T = string>(
  parse: (text: string) => Parsed,
  value: T,
  go = 'string',
  numbers?: { get(number: number): unknown },
): Schema<T> {
  return { kind: 'text', go, parse, default: value, ...(numbers && { numbers }) }
}

export function struct<F extends Fields>(
  go: string,
  fields: F,
  check?: (settings: SettingsIn<F>) => Iterable<Complaint>,
): StructSchema<SettingsIn<F>> {
  return { kind: 'struct', go, fields, ...(check && { check }) }
}

type Off<T> = OptionalSchema<T | undefined>
export const off = <T>(of: StructSchema<T>): Off<T> => ({ kind: 'optional', of, start: 'off', bare: 'on' })
export const on = <T>(of: StructSchema<T>): Off<T> => ({ kind: 'optional', of, start: 'on', bare: 'on' })
/** A Go pointer: nil unless written with something in it. */
export const pointer = <T>(of: StructSchema<T>): Off<T> => ({ kind: 'optional', of, start: 'off', bare: 'off' })
/** A scalar that is undefined unless written. */
export function maybe<T>(schema: Schema<T>): Schema<T | undefined> {
  const { default: _, ...rest } = schema as { default?: unknown }
  return rest as Schema<T | undefined>
}

/** One of a few words; `words` is the message for any other. */
export function oneOf<W extends string>(
  values: readonly W[],
  value: NoInfer<W>,
  complain: (text: string) => string,
  go?: string,
): Schema<W> {
  const parse = (written: string) =>
    values.some((one) => one === written)
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
