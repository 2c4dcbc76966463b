import type { AnyValue } from '../otlp/types.ts'
import { KeyValueList } from '../otlp/types.ts'
import { type Call, type Expr, type Key, OttlError, type Value } from './ast.ts'
import { bindArguments, type CompileOptions, type Get } from './bind.ts'
import { faultOfCall } from './checks.ts'
import { ENUMS } from './enums.ts'
import { FUNCTIONS } from './functions.ts'
import { parseCondition } from './parse.ts'
import { compilePath, type Scene } from './paths.ts'
import { calculate, compare, index, type OttlValue } from './values.ts'

export type Condition = (scene: Scene) => boolean

/** Compiles one condition for a context. Throws OttlError. */
export function compileCondition(text: string, options: CompileOptions): Condition {
  try {
    return compileExpr(parseCondition(text), options)
  } catch (error) {
    throw error instanceof OttlError ? error.in(text) : error
  }
}

function compileExpr(expr: Expr, options: CompileOptions): Condition {
  switch (expr.kind) {
    case 'or': {
      const parts = expr.parts.map((part) => compileExpr(part, options))
      return (scene) => parts.some((part) => part(scene))
    }
    case 'and': {
      const parts = expr.parts.map((part) => compileExpr(part, options))
      return (scene) => parts.every((part) => part(scene))
    }
    case 'not': {
      const of = compileExpr(expr.of, options)
      return (scene) => !of(scene)
    }
    case 'test': {
      const get = compileValue(expr.of, options)
      return (scene) => {
        const value = get(scene)
        if (typeof value !== 'boolean') {
          throw new Error('value returned from Converter in constant expression must be bool')
        }
        return value
      }
    }
    case 'compare': {
      const left = compileValue(expr.left, options)
      const right = compileValue(expr.right, options)
      return (scene) => compare(left(scene), right(scene), expr.op)
    }
  }
}

function compileValue(value: Value, options: CompileOptions): Get {
  switch (value.kind) {
    case 'literal':
      return () => value.value
    case 'bytes': {
      if (value.hex.length % 2 === 1) throw new OttlError('encoding/hex: odd length hex string')
      const bytes = Buffer.from(value.hex, 'hex')
      return () => bytes
    }
    case 'enum': {
      const number = ENUMS[options.context]?.[value.name]
      if (number === undefined) {
        const none = ENUMS[options.context] === undefined
        throw new OttlError(
          none ? `${options.context} context does not provide Enum support` : `enum symbol, ${value.name}, not found`,
        )
      }
      return () => number
    }
    case 'list': {
      const items = value.items.map((item) => compileValue(item, options))
      return (scene) => items.map((item) => item(scene) as AnyValue)
    }
    case 'map': {
      const entries = value.entries.map((entry) => ({ key: entry.key, get: compileValue(entry.value, options) }))
      return (scene) => new KeyValueList(entries.map(({ key, get }) => ({ key, value: get(scene) as AnyValue })))
    }
    case 'path': {
      const get = compilePath(value, options)
      const keys = value.fields.flatMap((field) => field.keys).map((key) => compileKey(key, options))
      return keys.length === 0 ? get : indexed(get, keys)
    }
    case 'negate': {
      const of = compileValue(value.of, options)
      return (scene) => calculate(0n, of(scene), '-')
    }
    case 'math': {
      const left = compileValue(value.left, options)
      const right = compileValue(value.right, options)
      return (scene) => calculate(left(scene), right(scene), value.op)
    }
    case 'lambda':
      throw new OttlError(
        'lambda expression arguments require the `ottl.functions.enableLambda` feature gate to be enabled',
      )
    case 'call':
      return compileCall(value, options)
  }
}

function compileKey(key: Key, options: CompileOptions): Get {
  return typeof key === 'object' ? compileValue(key.value, options) : () => key
}

function indexed(get: Get, keys: Get[]): Get {
  return (scene) => {
    let value = get(scene)
    for (const key of keys) {
      const at = key(scene)
      value = typeof at === 'string' || typeof at === 'bigint' ? index(value, at) : null
    }
    return value
  }
}

function compileCall(call: Call, options: CompileOptions): Get {
  const args = bindArguments(call, options, (value) => compileValue(value, options))
  const literals = args.map((arg) => arg?.literal)
  const fault = faultOfCall(call, literals)
  if (fault !== undefined) throw new OttlError(`couldn't create function: ${fault}`)
  const fn = FUNCTIONS[call.name]
  if (fn === undefined) {
    // The collector has it: what a learner writes for the real one is taken. It is said where it would be run.
    return () => {
      throw new Error(`${call.name} is not run by the lab's collector`)
    }
  }
  let run = fn.run
  try {
    run = fn.prepare?.(literals) ?? run
  } catch (error) {
    throw new OttlError(`couldn't create function: ${(error as Error).message}`)
  }
  const keys = call.keys.map((key) => compileKey(key, options))
  const get: Get = (scene) => run(args.map((arg) => arg?.get(scene)) as OttlValue[], scene)
  return keys.length === 0 ? get : indexed(get, keys)
}

/** The functions of a condition that the real collector runs and the lab's does not. */
export function unsupportedFunctions(text: string): string[] {
  const found = new Set<string>()
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return
    const { kind, name } = node as { kind?: string; name?: string }
    if (kind === 'call' && FUNCTIONS[name!] === undefined) found.add(name!)
    for (const inner of Object.values(node)) visit(inner)
  }
  visit(parseCondition(text))
  return [...found]
}
