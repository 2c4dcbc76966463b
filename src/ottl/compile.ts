import { traceStateMembers, withTraceStateMember } from '../otlp/trace-state.ts'
import type { AnyValue } from '../otlp/types.ts'
import { KeyValueList } from '../otlp/types.ts'
import { type Call, type Expr, type Key, OttlError, type Path, type Value } from './ast.ts'
import { bindArguments, type CompileOptions, type Compiler, type Get } from './bind.ts'
import { ENUMS } from './enums.ts'
import type { Run } from './function.ts'
import { functionOf } from './functions.ts'
import { type IndexKey, lookUp, lookUpResult, putInto, putIntoList } from './indexing.ts'
import { parseCondition, parseStatement } from './parse.ts'
import { type Place, resolvePath } from './paths.ts'
import type { Scene } from './scene.ts'
import { calculate, compare, goTypeOf, type OttlValue, valueTypeOf, WrittenList } from './values.ts'

export type Condition = (scene: Scene) => boolean
/** Changes what the scene shows, which must not be shared with others. Tells whether it had to. */
export type Apply = (scene: Scene) => boolean

/** Compiles one condition for a context. Throws OttlError. */
export function compileCondition(text: string, options: CompileOptions): Condition {
  return told('condition', text, () => compileExpr(parseCondition(text), options))
}

/** Compiles one statement for a context. Throws OttlError. */
export function compileStatement(text: string, options: CompileOptions): Apply {
  return told('statement', text, () => {
    const { editor, where } = parseStatement(text)
    const apply = compileCall(editor, options, 'statement')
    const applies = where === undefined ? () => true : compileExpr(where, options)
    return (scene) => {
      if (!applies(scene)) return false
      apply(scene)
      return true
    }
  })
}

function told<T>(what: 'condition' | 'statement', text: string, compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    throw error instanceof OttlError ? error.in(text, what) : error
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
      return (scene) => WrittenList.from(items, (item) => item(scene) as AnyValue)
    }
    case 'map': {
      const entries = value.entries.map((entry) => ({ key: entry.key, get: compileValue(entry.value, options) }))
      return (scene) => new KeyValueList(entries.map(({ key, get }) => ({ key, value: get(scene) as AnyValue })))
    }
    case 'path':
      return compileTarget(value, options).get
    case 'negate': {
      const of = compileValue(value.of, options)
      return (scene) => {
        const number = of(scene)
        if (typeof number === 'bigint' || typeof number === 'number') return -number
        throw new Error(`unsupported unary minus operation on type ${goTypeOf(number)}`)
      }
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
      return compileCall(value, options, 'condition')
  }
}

function compileKeys(keys: readonly Key[], options: CompileOptions): (scene: Scene) => IndexKey[] {
  const written = keys.flatMap((key) => (typeof key === 'object' ? [] : [{ value: key, written: true }]))
  if (written.length === keys.length) return () => written
  const compiled = keys.map((key) =>
    typeof key === 'object'
      ? { get: compileValue(key.value, options), written: false }
      : { get: () => key, written: true },
  )
  return (scene) => compiled.map(({ get, written }) => ({ value: get(scene), written }))
}

/** What a path reads and, where it can, writes. */
function compileTarget(path: Path, options: CompileOptions): { get: Get; set(scene: Scene, value: OttlValue): void } {
  const place = resolvePath(path, options)
  const set = (scene: Scene, value: OttlValue) => {
    if (place.set === undefined) throw new Error(`${path.text} cannot be set`)
    place.set(scene, value)
  }
  if (place.keys.length === 0) return { get: place.get, set }
  const keys = compileKeys(place.keys, options)
  if (place.name === 'trace_state') return memberTarget(place, keys)
  return {
    get: (scene) => {
      const held = place.get(scene) as AnyValue
      if (place.name === 'body') indexable(held)
      // What nobody knows, such as the sender's metadata, has nothing in it.
      return held === null ? null : lookUp(held, keys(scene))
    },
    set: (scene, value) => {
      const held = place.get(scene) as AnyValue
      if (place.name === 'body') indexable(held)
      if (Array.isArray(held)) return putIntoList(held, keys(scene), value)
      putInto(held as KeyValueList, keys(scene), value)
    },
  }
}

function indexable(body: AnyValue): void {
  if (body instanceof KeyValueList || Array.isArray(body)) return
  throw new Error(`log bodies of type ${valueTypeOf(body)} cannot be indexed`)
}

function memberTarget(place: Place, keys: (scene: Scene) => IndexKey[]) {
  const nameOf = (scene: Scene) => {
    const name = keys(scene)[0]!.value
    if (typeof name !== 'string') throw new Error('trace_state indexing type must be a string')
    return name
  }
  return {
    get: (scene: Scene) => {
      const members = traceStateMembers(place.get(scene) as string)
      return members === undefined ? null : (members.get(nameOf(scene)) ?? '')
    },
    set: (scene: Scene, value: OttlValue) => {
      if (typeof value !== 'string') throw new Error(`expects string but got ${goTypeOf(value)}`)
      place.set!(scene, withTraceStateMember(place.get(scene) as string, nameOf(scene), value))
    },
  }
}

function compileCall(call: Call, options: CompileOptions, where: 'condition' | 'statement'): Get {
  const fn = functionOf(call.name, options.context, options.own)
  if (fn === undefined) throw new OttlError(`undefined function ${JSON.stringify(call.name)}`)
  const args = bindArguments(call, fn, options, compilerFor(options))
  let run: Run = fn.run
  try {
    run = fn.prepare?.(args.map((arg) => arg?.literal)) ?? run
  } catch (error) {
    throw new OttlError(`couldn't create function: ${(error as Error).message}`)
  }
  const get: Get = (scene) =>
    run(
      args.map((arg) => arg?.give(scene)),
      scene,
    ) ?? null
  if (call.keys.length === 0 || where === 'statement') return get
  const keys = compileKeys(call.keys, options)
  return (scene) => lookUpResult(get(scene), keys(scene))
}

function compilerFor(options: CompileOptions): Compiler {
  return {
    value: (value) => compileValue(value, options),
    target: (value) => compileTarget(value as Path, options),
    named(name) {
      const fn = functionOf(name, options.context, options.own)
      if (fn === undefined) throw new OttlError(`undefined function ${name}`)
      return (input, scene) => {
        const { length } = fn.parameters
        if (length !== 1) throw new Error(`incorrect number of arguments. Expected: ${length} Received: 1`)
        const run = fn.prepare?.([undefined]) ?? fn.run
        return run([input], scene) ?? null
      }
    },
  }
}
