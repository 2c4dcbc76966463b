import type { AnyValue, KeyValueList } from '../otlp/types.ts'
import type { Scene } from './scene.ts'
import type { OttlDuration, OttlTime, OttlValue } from './values.ts'

/** What an editor is given of a path: `StandardGetSetter`. */
export interface Target<T = OttlValue> {
  get(): T
  set(value: OttlValue): void
}

/** A converter that is passed by its name, such as SHA256; it is given one text. */
export type NamedFunction = (input: string) => OttlValue

/** What a parameter of each of Go's types gives to a function that runs. */
interface Given {
  Getter: OttlValue
  StringGetter: string
  StringLikeGetter: string | null
  IntGetter: bigint
  IntLikeGetter: bigint | null
  FloatGetter: number
  FloatLikeGetter: number | null
  BoolGetter: boolean
  BoolLikeGetter: boolean | null
  ByteSliceLikeGetter: Uint8Array | null
  PMapGetter: KeyValueList
  PSliceGetter: AnyValue[]
  TimeGetter: OttlTime
  DurationGetter: OttlDuration
  GetSetter: Target
  PMapGetSetter: Target<KeyValueList>
  PSliceGetSetter: Target<AnyValue[]>
  FunctionGetter: NamedFunction
  LambdaExpression: never
  string: string
  int64: bigint
  float64: number
  bool: boolean
}

export type GoType = keyof Given

export interface Parameter<T = unknown> {
  /** As the field of the Go struct: a named argument `to_case` is `ToCase`. */
  name: string
  type: GoType
  /** `[]StringGetter` and its like. */
  list: boolean
  optional: boolean
  /** A value of another type is passed as it is: the function asks what it is. */
  any: boolean
  /** For the compiler alone. */
  readonly given?: T
}

const parameter = (name: string, type: GoType, rest: Partial<Parameter> = {}): Parameter => ({
  name,
  type,
  list: false,
  optional: false,
  any: false,
  ...rest,
})

export const arg = <G extends GoType>(name: string, type: G) => parameter(name, type) as Parameter<Given[G]>
export const opt = <G extends GoType>(name: string, type: G) =>
  parameter(name, type, { optional: true }) as Parameter<Given[G] | undefined>
export const list = <G extends GoType>(name: string, type: G) =>
  parameter(name, type, { list: true }) as Parameter<Given[G][]>
export const optList = <G extends GoType>(name: string, type: G) =>
  parameter(name, type, { list: true, optional: true }) as Parameter<Given[G][] | undefined>
/** Asks for a type, and is told where it is another. */
export const tried = (name: string, type: GoType) => parameter(name, type, { any: true }) as Parameter<OttlValue>

type Values<P extends readonly Parameter[]> = { [I in keyof P]: P[I] extends Parameter<infer T> ? T : never }

// biome-ignore lint/suspicious/noConfusingVoidType: an editor gives nothing back
export type Run<A extends readonly unknown[] = readonly unknown[]> = (args: A, scene: Scene) => OttlValue | void
/** What is written out, by parameter: undefined where it is not. */
export type Literals = readonly (OttlValue | undefined)[]

/** A function of OTTL: one entry with all that is known of it. */
export interface OttlFunction {
  name: string
  parameters: readonly Parameter[]
  /**
   * Called once for each call that is written. Throws on what can never work, in the function's own words; may return
   * what is to be run instead.
   */
  prepare?(literals: Literals): Run | undefined
  run: Run
}

/** What only one component has of a context's functions; null where it lacks one that others have. */
export type OwnFunctions = (name: string, context: string) => OttlFunction | null | undefined

export function define<const P extends readonly Parameter[]>(
  name: string,
  parameters: P,
  run: Run<Values<P>>,
  // biome-ignore lint/suspicious/noConfusingVoidType: most have but a look
  prepare?: (literals: Literals) => Run<Values<P>> | undefined | void,
): OttlFunction {
  return { name, parameters, run: run as Run, ...(prepare && { prepare: prepare as (literals: Literals) => Run }) }
}

/** What only a lambda could make use of: the real one takes lambdas behind a gate that is closed. */
export const gated = (name: string, parameters: readonly Parameter[]): OttlFunction =>
  define(name, parameters, () => {
    throw new Error(`${name} takes a lambda expression`)
  })
