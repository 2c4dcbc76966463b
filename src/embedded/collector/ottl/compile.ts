import type { AnyValue } from '../../../otlp/types.ts'
import { ENUMS } from './enums.ts'
import { FUNCTIONS } from './functions.ts'
import { type Expr, OttlError, parseCondition, type Value } from './parse.ts'
import { type Context, compilePath, type Scene, VISIBLE } from './paths.ts'
import { calculate, compare, index, type OttlValue } from './values.ts'

export type Condition = (scene: Scene) => boolean

/** Compiles one condition for a context. Throws OttlError. */
export function compileCondition(text: string, context: Context): Condition {
  return compileExpr(parseCondition(text), text, context)
}

function compileExpr(expr: Expr, text: string, context: Context): Condition {
  switch (expr.kind) {
    case 'or': {
      const parts = expr.parts.map((part) => compileExpr(part, text, context))
      return (scene) => parts.some((part) => part(scene))
    }
    case 'and': {
      const parts = expr.parts.map((part) => compileExpr(part, text, context))
      return (scene) => parts.every((part) => part(scene))
    }
    case 'not': {
      const of = compileExpr(expr.of, text, context)
      return (scene) => !of(scene)
    }
    case 'test': {
      const get = compileValue(expr.of, text, context)
      return (scene) => {
        const value = get(scene)
        if (typeof value !== 'boolean') throw new Error('a condition that is no comparison must return a bool')
        return value
      }
    }
    case 'compare': {
      const left = compileValue(expr.left, text, context)
      const right = compileValue(expr.right, text, context)
      return (scene) => compare(left(scene), right(scene), expr.op)
    }
  }
}

type Get = (scene: Scene) => OttlValue

function compileValue(value: Value, text: string, context: Context): Get {
  switch (value.kind) {
    case 'literal':
      return () => value.value
    case 'bytes': {
      const bytes = Buffer.from(value.hex, 'hex')
      return () => bytes
    }
    case 'enum': {
      const number = ENUMS[value.name]
      if (number === undefined) throw new OttlError(text, `enum symbol ${value.name} not found`)
      return () => number
    }
    case 'list': {
      const items = value.items.map((item) => compileValue(item, text, context))
      return (scene) => items.map((item) => item(scene) as AnyValue)
    }
    case 'path': {
      const get = compilePath(value.names, value.keys, context)
      if (get) return get
      const segment = `segment ${JSON.stringify(value.names.at(-1))} from path ${JSON.stringify(value.text)}`
      throw new OttlError(text, `${segment} is not a valid path nor a valid OTTL keyword for the ${context} context`)
    }
    case 'math': {
      const left = compileValue(value.left, text, context)
      const right = compileValue(value.right, text, context)
      return (scene) => calculate(left(scene), right(scene), value.op)
    }
    case 'call':
      return compileCall(value, text, context)
  }
}

function compileCall(call: Extract<Value, { kind: 'call' }>, text: string, context: Context): Get {
  const { name } = call
  const fn = FUNCTIONS[name]
  if (!fn || (fn.needs && !VISIBLE[context].includes(fn.needs))) {
    const known = Object.keys(FUNCTIONS).sort().join(', ')
    throw new OttlError(text, `undefined function ${JSON.stringify(name)}; the lab's filter knows ${known}`)
  }
  const args = ordered(call, fn.params, text)
  const literals = args.map((arg) => (arg?.kind === 'literal' ? arg.value : undefined))
  let run = fn.run
  try {
    run = fn.prepare?.(literals) ?? run
  } catch (error) {
    throw new OttlError(text, `couldn't create function: ${(error as Error).message}`)
  }
  const gets = args.map((arg) => arg && compileValue(arg, text, context))
  return (scene) => {
    const values = gets.map((get) => get?.(scene)) as OttlValue[]
    return call.keys.reduce<OttlValue>(index, run(values, scene))
  }
}

/** The arguments by parameter: first those by place, then those by name. */
function ordered(
  { name, args, named }: Extract<Value, { kind: 'call' }>,
  params: readonly string[],
  text: string,
): (Value | undefined)[] {
  const failed = (why: string) =>
    new OttlError(text, `error while parsing arguments for call to ${JSON.stringify(name)}: ${why}`)
  const least = params.filter((param) => !param.endsWith('?')).length
  const given = args.length + named.length
  if (given < least || given > params.length) {
    throw failed(`incorrect number of arguments. Expected: ${least} Received: ${given}`)
  }
  const found: (Value | undefined)[] = params.map((_, i) => args[i])
  for (const { name: param, value } of named) {
    const at = params.findIndex((one) => one.replace('?', '') === param)
    if (at === -1) throw failed(`no such parameter: ${param}`)
    found[at] = value
  }
  return found
}
