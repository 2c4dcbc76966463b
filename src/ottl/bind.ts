import { type Argument, type Call, OttlError, type Value } from './ast.ts'
import { ENUMS } from './enums.ts'
import type { NamedFunction, OttlFunction, OwnFunctions, Parameter, Target } from './function.ts'
import { convert } from './getters.ts'
import type { Context, Scene } from './scene.ts'
import type { OttlValue } from './values.ts'

export interface CompileOptions {
  context: Context
  /** Whether paths must begin with a context's name, as where the context is inferred from them. */
  named?: boolean
  /** Functions that only whoever compiles has. */
  own?: OwnFunctions
}

export type Get = (scene: Scene) => OttlValue

export interface Bound {
  /** What the function is given, each time that it runs. */
  give(scene: Scene): unknown
  /** Where the value is written out. */
  literal?: OttlValue
}

/** What binding needs of the compiler. */
export interface Compiler {
  value(value: Value): Get
  target(value: Value): { get: Get; set(scene: Scene, value: OttlValue): void }
  named(name: string): (input: string, scene: Scene) => OttlValue
}

/** The arguments by parameter, each of a kind that the parameter takes. Throws OttlError in pkg/ottl's words. */
export function bindArguments(
  { name, args }: Call,
  { parameters }: OttlFunction,
  options: CompileOptions,
  compiler: Compiler,
): (Bound | undefined)[] {
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
      bound[place] = bindOne(arg, parameter, options, compiler)
    } catch (error) {
      if (!(error instanceof OttlError)) throw error
      throw failed(error instanceof NoFunction ? error.message : `invalid argument at position ${i}: ${error.message}`)
    }
  }
  return bound
}

/** Told without the argument's place. */
class NoFunction extends OttlError {}

/** strcase.ToCamel of `to_case`: `ToCase`. */
const camel = (name: string) => name.replace(/(?:^|_)([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase())

function bindOne(argument: Argument, parameter: Parameter, options: CompileOptions, compiler: Compiler): Bound {
  const { type } = parameter
  if (type === 'FunctionGetter') return bindFunction(argument, compiler)
  const { value } = argument
  if (value === undefined) throw new OttlError('invalid function name given')
  if (parameter.list) return bindList(value, parameter, options, compiler)
  const literal = literalOf(value, options)
  const must = (what: string, fits: boolean): Bound => {
    if (!fits) throw new OttlError(`must be ${what}`)
    return { give: () => literal, literal: literal ?? null }
  }
  if (type === 'string') return must('a string', typeof literal === 'string')
  // With a minus in front it is a sum to be worked out, and so no literal.
  if (type === 'float64') return must('a float', typeof literal === 'number' && literal >= 0)
  if (type === 'int64') return must('an int', typeof literal === 'bigint' && value.kind === 'literal' && literal >= 0n)
  if (type === 'bool') return must('a bool', typeof literal === 'boolean')
  if (type === 'GetSetter' || type === 'PMapGetSetter' || type === 'PSliceGetSetter') {
    if (value.kind !== 'path') throw new OttlError('must be a path')
    return bindTarget(compiler.target(value), type)
  }
  if (type === 'LambdaExpression') {
    if (value.kind !== 'lambda') throw new OttlError('must be a lambda expression')
    return { give: compiler.value(value) }
  }
  const get = compiler.value(value)
  if (literal === undefined && (value.kind === 'list' || value.kind === 'map')) checkCollection(value.kind, type)
  if (literal !== undefined && parameter.type !== 'Getter') {
    try {
      convert(type, literal)
    } catch (error) {
      throw new OttlError((error as Error).message)
    }
  }
  const give = parameter.any ? get : (scene: Scene) => convert(type, get(scene))
  return { give, ...(literal === undefined ? {} : { literal }) }
}

function bindList(value: Value, parameter: Parameter, options: CompileOptions, compiler: Compiler): Bound {
  if (value.kind !== 'list') throw new OttlError(`must be a list of type ${parameter.type}`)
  const items = value.items.map((item, j) => {
    try {
      return bindOne({ value: item }, { ...parameter, list: false }, options, compiler)
    } catch (error) {
      if (!(error instanceof OttlError)) throw error
      throw new OttlError(`error while parsing list argument at index ${j}: ${error.message}`)
    }
  })
  return {
    give: (scene) => items.map((item) => item.give(scene)),
    ...(items.every(({ literal }) => literal !== undefined) && {
      literal: items.map(({ literal }) => literal) as OttlValue,
    }),
  }
}

function bindFunction({ value, functionName }: Argument, compiler: Compiler): Bound {
  const name = functionName ?? (value?.kind === 'enum' ? value.name : undefined)
  if (name === undefined) throw new NoFunction('invalid function name given')
  let work: ReturnType<Compiler['named']>
  try {
    work = compiler.named(name)
  } catch (error) {
    throw new NoFunction((error as Error).message)
  }
  return {
    give:
      (scene): NamedFunction =>
      (input) =>
        work(input, scene),
  }
}

function bindTarget({ get, set }: ReturnType<Compiler['target']>, type: Parameter['type']): Bound {
  const wanted = type === 'PMapGetSetter' ? 'PMapGetter' : type === 'PSliceGetSetter' ? 'PSliceGetter' : 'Getter'
  return {
    give: (scene): Target<unknown> => ({
      get: () => convert(wanted, get(scene)),
      set: (value) => set(scene, value),
    }),
  }
}

function literalOf(value: Value, { context }: CompileOptions): OttlValue | undefined {
  if (value.kind === 'literal') return value.value
  if (value.kind === 'bytes') return Buffer.from(value.hex, 'hex')
  return value.kind === 'enum' ? ENUMS[context]?.[value.name] : undefined
}

/** A list or a map that is written out, where neither is taken. */
function checkCollection(kind: 'list' | 'map', type: Parameter['type']): void {
  const fits = ['Getter', 'StringLikeGetter', kind === 'list' ? 'PSliceGetter' : 'PMapGetter']
  if (fits.includes(type)) return
  const [wanted] = /^(String|Int|Float|Bool|PMap|PSlice|Time|Duration)(?=Getter)/.exec(type) ?? [type]
  throw new OttlError(`expected ${WORDS[wanted] ?? type} but got ${kind === 'list' ? 'pcommon.Slice' : 'pcommon.Map'}`)
}

const WORDS: Record<string, string> = {
  String: 'string',
  Int: 'int64',
  Float: 'float64',
  Bool: 'bool',
  PMap: 'pcommon.Map',
  PSlice: 'pcommon.Slice',
  Time: 'time',
  Duration: 'duration',
}
