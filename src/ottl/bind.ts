import { type Argument, type Call, OttlError, type Value } from './ast.ts'
import { ENUMS } from './enums.ts'
import type { Context, Scene } from './paths.ts'
import { type Parameter, signatureOf } from './signatures.ts'
import type { OttlValue } from './values.ts'

export interface CompileOptions {
  context: Context
  /** Whether paths must begin with a context's name, as where the context is inferred from them. */
  named?: boolean
}

export type Get = (scene: Scene) => OttlValue

export interface Bound {
  get: Get
  /** Where the value is written out. */
  literal?: OttlValue
}

/** The arguments by parameter, each of a kind that the parameter takes. Throws OttlError in pkg/ottl's words. */
export function bindArguments(
  { name, args }: Call,
  options: CompileOptions,
  compile: (value: Value) => Get,
): (Bound | undefined)[] {
  const parameters = signatureOf(name, options.context)
  if (parameters === undefined) throw new OttlError(`undefined function ${JSON.stringify(name)}`)
  const failed = (why: string) =>
    new OttlError(`error while parsing arguments for call to ${JSON.stringify(name)}: ${why}`)
  const firstNamed = args.findIndex((arg) => arg.name !== undefined)
  if (firstNamed >= 0 && args.slice(firstNamed).some((arg) => arg.name === undefined)) {
    throw failed('unnamed argument used after named argument')
  }
  // What takes nothing is not asked what it is given.
  if (parameters.length === 0) return []
  const least = parameters.filter(({ optional }) => !optional).length
  if (args.length < least || args.length > parameters.length) {
    throw failed(`incorrect number of arguments. Expected: ${parameters.length} Received: ${args.length}`)
  }
  const bound: (Bound | undefined)[] = parameters.map(() => undefined)
  for (const [i, arg] of args.entries()) {
    const place = arg.name === undefined ? i : parameters.findIndex((one) => one.name === camel(arg.name!))
    const parameter = parameters[place]
    if (parameter === undefined) throw failed(`no such parameter: ${arg.name}`)
    try {
      bound[place] = bindOne(arg, parameter, options, compile)
    } catch (error) {
      if (!(error instanceof OttlError)) throw error
      throw failed(`invalid argument at position ${i}: ${error.message}`)
    }
  }
  return bound
}

/** strcase.ToCamel of `to_case`: `ToCase`. */
const camel = (name: string) => name.replace(/(?:^|_)([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase())

function bindOne(
  { value }: Argument,
  { type }: Parameter,
  options: CompileOptions,
  compile: (value: Value) => Get,
): Bound {
  if (value === undefined) throw new OttlError('invalid function name given')
  if (type.startsWith('[]')) {
    if (value.kind !== 'list') throw new OttlError(`must be a list of type ${type.slice(2)}`)
    const items = value.items.map((item, j) => {
      try {
        return bindOne({ value: item }, { name: '', type: type.slice(2), optional: false }, options, compile)
      } catch (error) {
        if (!(error instanceof OttlError)) throw error
        throw new OttlError(`error while parsing list argument at index ${j}: ${error.message}`)
      }
    })
    return { get: (scene) => items.map(({ get }) => get(scene)) as OttlValue }
  }
  const literal = literalOf(value, options)
  const must = (what: string, fits: boolean): Bound => {
    if (!fits) throw new OttlError(`must be ${what}`)
    return { get: compile(value), literal: literal ?? null }
  }
  if (type === 'string') return must('a string', typeof literal === 'string')
  if (type === 'float64') return must('a float', typeof literal === 'number')
  if (type === 'int64') return must('an int', typeof literal === 'bigint' && value.kind === 'literal')
  if (type === 'bool') return must('a bool', typeof literal === 'boolean')
  if (type.endsWith('GetSetter')) return must('a path', value.kind === 'path')
  if (type === 'LambdaExpression') return must('a lambda expression', value.kind === 'lambda')
  const get = compile(value)
  if (literal === undefined) {
    if (value.kind === 'list' && !['Getter', 'PSliceGetter', 'StringLikeGetter'].includes(type))
      mismatch(type, 'pcommon.Slice')
    if (value.kind === 'map' && !['Getter', 'PMapGetter', 'StringLikeGetter'].includes(type))
      mismatch(type, 'pcommon.Map')
    return { get }
  }
  checkLiteral(type, literal)
  return { get, literal }
}

function literalOf(value: Value, { context }: CompileOptions): OttlValue | undefined {
  if (value.kind === 'literal') return value.value
  if (value.kind === 'bytes') return Buffer.from(value.hex, 'hex')
  return value.kind === 'enum' ? ENUMS[context]?.[value.name] : undefined
}

/** What each getter wants, and the name of Go's type in its complaint. */
const WANTED: Record<string, [fits: (value: OttlValue) => boolean, name: string]> = {
  StringGetter: [(value) => typeof value === 'string', 'string'],
  IntGetter: [(value) => typeof value === 'bigint', 'int64'],
  FloatGetter: [(value) => typeof value === 'number', 'float64'],
  BoolGetter: [(value) => typeof value === 'boolean', 'bool'],
  PMapGetter: [() => false, 'pcommon.Map'],
  PSliceGetter: [() => false, 'pcommon.Slice'],
  TimeGetter: [() => false, 'time'],
  DurationGetter: [() => false, 'duration'],
}

function checkLiteral(type: string, value: OttlValue): void {
  if (type === 'FloatLikeGetter' && typeof value === 'string' && Number.isNaN(Number(value || 'x'))) {
    throw new OttlError(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`)
  }
  const [fits] = WANTED[type] ?? []
  if (fits !== undefined && !fits(value)) mismatch(type, goTypeOf(value))
}

function mismatch(type: string, got: string): never {
  const name = WANTED[type]?.[1] ?? type
  throw new OttlError(`expected ${name} but got ${got}`)
}

function goTypeOf(value: OttlValue): string {
  if (value === null) return 'nil'
  if (typeof value === 'bigint') return 'int64'
  if (typeof value === 'number') return 'float64'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'string' ? 'string' : '[]uint8'
}
