import { stringOf } from '../../../otlp/attributes.ts'
import { type AnyValue, KeyValueList } from '../../../otlp/types.ts'
import { ENUMS } from './enums.ts'
import { type Expr, OttlError, parseCondition, type Value } from './parse.ts'
import { type Context, compilePath, contextOf, index, type Scene, VISIBLE } from './paths.ts'

export type Condition = (scene: Scene) => boolean

/** Compiles one condition for a context. Throws OttlError. */
export function compileCondition(text: string, context: Context): Condition {
  return compileExpr(parseCondition(text), text, context)
}

/** The narrowest of `order` that the condition's paths name (context inference); the first if they name none. */
export function inferContext(text: string, order: readonly Context[]): Context {
  const named = new Set<Context>()
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return
    if ((node as Value).kind === 'path') {
      const found = contextOf((node as { names: string[] }).names)
      if (found) named.add(found)
    }
    for (const inner of Object.values(node)) visit(inner)
  }
  visit(parseCondition(text))
  const fits = order.findLast((context) => named.has(context)) ?? order[0]!
  const hidden = [...named].find((context) => !VISIBLE[fits].includes(context))
  if (hidden) throw new OttlError(text, `unable to infer context: ${[...named].join(', ')} cannot be seen together`)
  return fits
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

type Get = (scene: Scene) => AnyValue

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
      return (scene) => items.map((item) => item(scene))
    }
    case 'path': {
      const get = compilePath(value.names, value.keys, context)
      if (get) return get
      throw new OttlError(
        text,
        `segment ${JSON.stringify(value.names.at(-1))} from path ${JSON.stringify(value.text)} is not a valid path nor a valid OTTL keyword for the ${context} context`,
      )
    }
    case 'math': {
      const left = compileValue(value.left, text, context)
      const right = compileValue(value.right, text, context)
      return (scene) => calculate(left(scene), right(scene), value.op)
    }
    case 'call': {
      const make = FUNCTIONS[value.name]
      if (!make) {
        throw new OttlError(
          text,
          `undefined function ${JSON.stringify(value.name)}; the lab's filter knows ${Object.keys(FUNCTIONS).join(', ')}`,
        )
      }
      if (value.args.length !== make.arity) {
        throw new OttlError(
          text,
          `incorrect number of arguments for function ${value.name}. Expected: ${make.arity} Received: ${value.args.length}`,
        )
      }
      const args = value.args.map((arg) => compileValue(arg, text, context))
      if (value.name === 'IsMatch' && value.args[1]!.kind === 'literal') regexpOf(String(value.args[1]!.value), text)
      return (scene) => value.keys.reduce<AnyValue>(index, make.run(args.map((arg) => arg(scene))))
    }
  }
}

function regexpOf(pattern: string, condition: string): RegExp {
  try {
    return new RegExp(pattern.replaceAll('(?P<', '(?<').replace(/^\(\?i\)/, ''), pattern.startsWith('(?i)') ? 'i' : '')
  } catch (error) {
    throw new OttlError(
      condition,
      `the pattern supplied to IsMatch is not a valid regular expression: ${(error as Error).message}`,
    )
  }
}

const FUNCTIONS: Record<string, { arity: number; run: (args: AnyValue[]) => AnyValue }> = {
  IsMatch: {
    arity: 2,
    run: ([target, pattern]) => (target === null ? false : matcher(String(pattern)).test(stringOf(target!))),
  },
  IsString: { arity: 1, run: ([v]) => typeof v === 'string' },
  IsBool: { arity: 1, run: ([v]) => typeof v === 'boolean' },
  IsInt: { arity: 1, run: ([v]) => typeof v === 'bigint' },
  IsDouble: { arity: 1, run: ([v]) => typeof v === 'number' },
  IsMap: { arity: 1, run: ([v]) => v instanceof KeyValueList },
  IsList: { arity: 1, run: ([v]) => Array.isArray(v) },
  Len: { arity: 1, run: ([v]) => length(v!) },
  Concat: { arity: 2, run: ([list, by]) => (list as AnyValue[]).map(stringOf).join(String(by)) },
  ToLowerCase: { arity: 1, run: ([v]) => (v === null ? null : stringOf(v!).toLowerCase()) },
  ToUpperCase: { arity: 1, run: ([v]) => (v === null ? null : stringOf(v!).toUpperCase()) },
  HasPrefix: { arity: 2, run: ([v, by]) => v !== null && stringOf(v!).startsWith(String(by)) },
  HasSuffix: { arity: 2, run: ([v, by]) => v !== null && stringOf(v!).endsWith(String(by)) },
  Int: {
    arity: 1,
    run: ([v]) =>
      typeof v === 'string' && /^-?\d+$/.test(v) ? BigInt(v) : typeof v === 'number' ? BigInt(Math.trunc(v)) : v!,
  },
  Double: { arity: 1, run: ([v]) => (v === null || Number.isNaN(Number(v)) ? null : Number(v)) },
  String: { arity: 1, run: ([v]) => (v === null ? null : stringOf(v!)) },
}

/** One compiled pattern for each text; conditions use a handful, and text that varies is bounded. */
const compiled = new Map<string, RegExp>()
function matcher(pattern: string): RegExp {
  let regexp = compiled.get(pattern)
  if (!regexp) {
    if (compiled.size > 256) compiled.clear()
    regexp = regexpOf(pattern, pattern)
    compiled.set(pattern, regexp)
  }
  return regexp
}

function length(value: AnyValue): bigint {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return BigInt(value.length)
  if (value instanceof KeyValueList) return BigInt(value.values.length)
  throw new Error('target arg must be of type string, []any, or map[string]any')
}

function compare(a: AnyValue, b: AnyValue, op: string): boolean {
  const order = orderOf(a, b)
  if (op === '==') return order === 0
  if (op === '!=') return order !== 0
  if (order === undefined) return false
  return op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0
}

/** Undefined when the two cannot be compared; then only `!=` holds. */
function orderOf(a: AnyValue, b: AnyValue): number | undefined {
  if (a === null || b === null) return a === b ? 0 : undefined
  const numbers = (v: AnyValue): v is number | bigint => typeof v === 'number' || typeof v === 'bigint'
  if (numbers(a) && numbers(b)) return a < b ? -1 : a > b ? 1 : a >= b ? 0 : undefined
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  if (Array.isArray(a) && Array.isArray(b)) return stringOf(a) === stringOf(b) ? 0 : undefined
  if (a instanceof KeyValueList && b instanceof KeyValueList) return stringOf(a) === stringOf(b) ? 0 : undefined
  return undefined
}

function calculate(a: AnyValue, b: AnyValue, op: '+' | '-' | '*' | '/'): AnyValue {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    if (op === '/') {
      if (b === 0n) throw new Error('attempted to divide by 0')
      return a / b
    }
    return op === '+' ? a + b : op === '-' ? a - b : a * b
  }
  if ((typeof a !== 'number' && typeof a !== 'bigint') || (typeof b !== 'number' && typeof b !== 'bigint')) {
    throw new Error(`math operations need numbers, got ${typeof a} and ${typeof b}`)
  }
  const [x, y] = [Number(a), Number(b)]
  return op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : x / y
}
