import {
  type Aggregate,
  duration,
  FALSE,
  type FieldExpression,
  float,
  int,
  NIL,
  type Pipeline,
  type PipelineElement,
  type ScalarFilter,
  type SpansetOp,
  type Static,
  TRUE,
} from '../ast.ts'
import { unaryValue } from '../fold.ts'
import { print } from '../print.ts'
import { isArray, isNumeric } from '../types.ts'
import type { EvalSpan } from './fetched.ts'
import { compareText, operate, type Regexps, toFloat } from './operate.ts'
import { related } from './structure.ts'

export interface Spanset<T extends EvalSpan = EvalSpan> {
  spans: T[]
  /** What `by()` and aggregates say of the whole set, by their text. */
  attributes: { name: string; value: Static }[]
  scalar?: Static
}

/** Runs a pipeline over the spans of one trace. Throws Error where Tempo fails too (division by zero, say). */
export function runPipeline<T extends EvalSpan>(p: Pipeline, input: Spanset<T>[], regexps: Regexps): Spanset<T>[] {
  let sets = input
  for (const element of p.elements) {
    sets = runElement(element, sets, regexps)
    if (sets.length === 0) return []
  }
  return sets
}

function runElement<T extends EvalSpan>(e: PipelineElement, input: Spanset<T>[], regexps: Regexps): Spanset<T>[] {
  switch (e.node) {
    case 'filter':
      return input.flatMap((set) => {
        const spans = set.spans.filter((span) => isTrue(evaluate(e.expression, span, regexps)))
        return spans.length === 0 ? [] : [spans.length === set.spans.length ? set : { ...set, spans }]
      })
    case 'spansetOperation':
      return input.flatMap((set) => {
        const lhs = runElement(e.lhs, [set], regexps)
        const rhs = runElement(e.rhs, [set], regexps)
        const spans = combine(e.op, lhs, rhs)
        return spans.length === 0 ? [] : [{ ...set, spans }]
      })
    case 'pipeline':
      return runPipeline(e, input, regexps)
    case 'scalarFilter':
      return runScalarFilter(e, input, regexps)
    case 'aggregate':
      return runAggregate(e, input, regexps)
    case 'group':
      return input.flatMap((set) => groupBy(e.expression, print(e), set, regexps))
    case 'coalesce':
      return [{ spans: input.flatMap((set) => set.spans), attributes: [] }]
    case 'select':
      return input
  }
}

const isTrue = (s: Static) => s.type === 'bool' && s.value

function combine<T extends EvalSpan>(op: SpansetOp, lhs: Spanset<T>[], rhs: Spanset<T>[]): T[] {
  if (op === '&&' || op === '||') {
    if (op === '&&' && (lhs.length === 0 || rhs.length === 0)) return []
    return [...new Set([...lhs, ...rhs].flatMap((set) => set.spans))]
  }
  if (rhs.length === 0) return []
  if (lhs.length > 1 || rhs.length > 1) {
    throw new Error('spanset operators are not supported for multiple spansets per trace. consider using coalesce()')
  }
  return related(op, lhs[0]?.spans ?? [], rhs[0]!.spans)
}

/** The value of an expression on one span; nil where it has none. */
export function evaluate(e: FieldExpression, span: EvalSpan, regexps: Regexps): Static {
  switch (e.node) {
    case 'static':
      return e
    case 'attribute':
      return span.attribute(e) ?? NIL
    case 'unary': {
      const value = evaluate(e.expression, span, regexps)
      const result = unaryValue(e.op, value)
      if (result === undefined) {
        throw new Error(
          `expression (${print(e)}) expected a ${e.op === '!' ? 'boolean' : 'numeric'}, but got ${value.type}`,
        )
      }
      return result
    }
    case 'binary': {
      const lhs = evaluate(e.lhs, span, regexps)
      if (lhs.type === 'bool') {
        if (e.op === '&&' && !lhs.value) return FALSE
        if (e.op === '||' && lhs.value) return TRUE
      }
      return operate(e.op, lhs, evaluate(e.rhs, span, regexps), regexps)
    }
  }
}

function groupBy<T extends EvalSpan>(
  expression: FieldExpression,
  name: string,
  set: Spanset<T>,
  regexps: Regexps,
): Spanset<T>[] {
  const groups = new Map<string, Spanset<T>>()
  for (const span of set.spans) {
    const value = evaluate(expression, span, regexps)
    const key = staticKey(value)
    const group = groups.get(key)
    if (group) group.spans.push(span)
    else groups.set(key, { spans: [span], attributes: [...set.attributes, { name, value }] })
  }
  return [...groups.values()]
}

/** A text that two values share only if they are of one type and equal. */
export function staticKey(s: Static): string {
  if (s.type === 'nil') return 'nil'
  return Array.isArray(s.value) ? `${s.type} ${s.value.map((v) => JSON.stringify(String(v)))}` : `${s.type} ${s.value}`
}

function runScalarFilter<T extends EvalSpan>(f: ScalarFilter, input: Spanset<T>[], regexps: Regexps): Spanset<T>[] {
  const { lhs, rhs, op } = f
  if (lhs.node !== 'aggregate' || rhs.node !== 'static') {
    throw new Error(`scalar filter lhs (${print(lhs)}) not supported`)
  }
  // A list, the greatest of several, is no number to compare with.
  return runAggregate(lhs, input, regexps).filter(
    ({ scalar = NIL }) => !isArray(scalar.type) && isTrue(operate(op, scalar, rhs, regexps)),
  )
}

function runAggregate<T extends EvalSpan>(a: Aggregate, input: Spanset<T>[], regexps: Regexps): Spanset<T>[] {
  const name = print(a)
  return input.flatMap((set) => {
    const scalar = a.op === 'count' ? int(BigInt(set.spans.length)) : reduce(a, set.spans, regexps)
    return scalar === undefined ? [] : [{ ...set, scalar, attributes: [...set.attributes, { name, value: scalar }] }]
  })
}

function reduce(a: Aggregate, spans: readonly EvalSpan[], regexps: Regexps): Static | undefined {
  let result: Static | undefined
  let count = 0
  for (const span of spans) {
    const value = evaluate(a.expression!, span, regexps)
    if (value.type === 'nil') continue
    count++
    if (result === undefined) result = value
    else if (a.op === 'max' || a.op === 'min') {
      const order = compare(value, result)
      if (a.op === 'max' ? order > 0 : order < 0) result = value
    } else result = add(result, value)
  }
  return a.op === 'avg' && result !== undefined ? divide(result, count) : result
}

/** Only values of the first one's type count. */
function add(a: Static, b: Static): Static {
  if (a.type === 'int' && b.type === 'int') return int(a.value + b.value)
  if (a.type === 'duration' && b.type === 'duration') return duration(a.value + b.value)
  return a.type === 'float' && b.type === 'float' ? float(a.value + b.value) : a
}

function divide(s: Static, n: number): Static {
  if (s.type === 'int') return float(Number(s.value) / n)
  if (s.type === 'duration') return duration(s.value / BigInt(n))
  return s.type === 'float' ? float(s.value / n) : s
}

function compare(a: Static, b: Static): number {
  if (a.type === 'string' && b.type === 'string') return compareText(a.value, b.value)
  if (isNumeric(a.type) && isNumeric(b.type)) return order(toFloat(a), toFloat(b))
  if (a.type !== b.type) return order(TYPES.indexOf(a.type), TYPES.indexOf(b.type))
  const [x, y] = [a, b].map((s) => (s.type === 'nil' || !Array.isArray(s.value) ? [] : s.value)) as unknown[][]
  const differs = x!.findIndex((v, i) => v !== y![i])
  if (differs === -1 || differs >= y!.length) return order(x!.length, y!.length)
  return order(x![differs], y![differs])
}

// biome-ignore lint/suspicious/noExplicitAny: two of one type
const order = (a: any, b: any) => (a < b ? -1 : a > b ? 1 : 0)

/** Values of types that do not compare are in this order. */
const TYPES: Static['type'][] = [
  ...(['nil', 'int', 'float', 'string', 'bool', 'int[]', 'float[]', 'string[]', 'bool[]'] as const),
  ...(['duration', 'status', 'kind'] as const),
]
