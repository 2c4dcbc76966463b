import { duplicateName } from '../../../series/re2.ts'
import { arithmetic, compare, isComparison, isSetOperator } from '../arithmetic.ts'
import type {
  BinaryOperator,
  Expression,
  Grouping,
  LogRange,
  MetricExpression,
  RangeOperation,
  Stage,
  VectorMatching,
  VectorOperation,
} from '../ast.ts'
import { parseFloat64 } from '../go/number.ts'
import { parsePattern } from '../pattern.ts'
import { compileRegexp } from '../regexp.ts'
import type { ParseFault } from './fault.ts'

/**
 * What stands for an expression that makes no sense. It waits until the whole query is read, since Loki speaks of
 * such faults only when the syntax is right, and of the outermost first.
 */
export interface Invalid extends ParseFault {
  node: 'invalid'
  /** What Go made of a number that it could not read. */
  value?: number
}

export type Draft<T> = T | Invalid

/** Thrown by what Loki refuses at once, before the rest is read. */
export class SyntaxFault extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

const invalid = (message: string, offset: number): Invalid => ({ node: 'invalid', message, offset })

export function literal(text: string, negative: boolean, offset: number): Draft<MetricExpression> {
  const parsed = parseFloat64(text)
  if ('error' in parsed) {
    const value = !parsed.error.endsWith('value out of range') ? 0 : negative ? -Infinity : Infinity
    return { ...invalid(`unable to parse literal as a float: ${parsed.error}`, offset), value }
  }
  return { node: 'literal', value: negative ? -parsed.value : parsed.value }
}

/** In a filter of labels Loki does not look whether a number could be read: `> 0x10` is `> 0`. */
export const literalValue = (node: Draft<{ node: 'literal'; value: number }>): number => node.value ?? 0

export function vector(text: string, offset: number): Draft<MetricExpression> {
  const parsed = parseFloat64(text)
  if ('error' in parsed) return invalid(`unable to parse vectorExpr as a float: ${parsed.error}`, offset)
  return { node: 'vector', value: parsed.value }
}

export function checkRegexpParser(stage: Stage & { stage: 'regexp' }, offset: number): Stage {
  const refuse = (message: string) => new SyntaxFault(`invalid regexp parser: ${message}`, offset)
  let names: string[]
  try {
    names = compileRegexp(stage.pattern).groupNames.filter((name) => name !== '')
  } catch (error) {
    throw refuse((error as Error).message)
  }
  const twice = duplicateName(stage.pattern)
  if (twice !== undefined) throw refuse(`duplicate extracted label name '${twice}'`)
  if (names.length === 0) throw refuse('at least one named capture must be supplied')
  return stage
}

export function checkPatternParser(stage: Stage & { stage: 'pattern' }, offset: number): Stage {
  const parsed = parsePattern(stage.pattern)
  if ('error' in parsed) throw new SyntaxFault(`invalid pattern parser: ${parsed.error}`, offset)
  return stage
}

const GROUPED = 'avg stddev stdvar quantile max min first last'.split(' ').map((name) => `${name}_over_time`)
const WITH_UNWRAP = new Set<string>([...GROUPED, 'sum_over_time', 'rate', 'rate_counter', 'absent_over_time'])
const BARE = new Set<string>(['bytes_over_time', 'bytes_rate', 'count_over_time', 'rate', 'absent_over_time'])

export function rangeAggregation(
  operation: RangeOperation,
  range: LogRange,
  grouping: Grouping | undefined,
  text: string | undefined,
  offset: number,
): Draft<MetricExpression> {
  const isQuantile = operation === 'quantile_over_time'
  if (text !== undefined && !isQuantile) {
    return invalid(`parameter ${text} not supported for operation ${operation}`, offset)
  }
  if (text === undefined && isQuantile) return invalid(`parameter required for operation ${operation}`, offset)
  const parsed = text === undefined ? undefined : parseFloat64(text)
  if (parsed !== undefined && 'error' in parsed) {
    return invalid(`invalid parameter for operation ${operation}: ${parsed.error}`, offset)
  }
  if (grouping !== undefined && !GROUPED.includes(operation)) {
    return invalid(`grouping not allowed for ${operation} aggregation`, offset)
  }
  const allowed = range.unwrap === undefined ? BARE : WITH_UNWRAP
  if (!allowed.has(operation)) {
    return invalid(`invalid aggregation ${operation} ${range.unwrap ? 'with' : 'without'} unwrap`, offset)
  }
  return { node: 'range', operation, parameter: parsed?.value, range, grouping }
}

export function vectorAggregation(
  operation: VectorOperation,
  operand: MetricExpression,
  grouping: Grouping | undefined,
  text: string | undefined,
  offset: number,
): Draft<MetricExpression> {
  const counted = operation === 'topk' || operation === 'bottomk' || operation === 'approx_topk'
  if (!counted) {
    if (text !== undefined) return invalid(`unsupported parameter for operation ${operation}(${text},`, offset)
    return { node: 'aggregation', operation, parameter: undefined, grouping, operand }
  }
  if (text === undefined) return invalid(`parameter required for operation ${operation}`, offset)
  if (!/^\d{1,15}$/.test(text)) return invalid(`invalid parameter ${operation}(${text},`, offset)
  const parameter = Number(text)
  if (parameter <= 0) return invalid(`invalid parameter (must be greater than 0) ${operation}(${text}`, offset)
  if (operation === 'approx_topk' && grouping !== undefined) {
    return invalid(`grouping not allowed for ${operation} aggregation`, offset)
  }
  return { node: 'aggregation', operation, parameter, grouping, operand }
}

export function labelReplace(operand: MetricExpression, texts: string[], offset: number): Draft<MetricExpression> {
  const [destination, replacement, source, pattern] = texts as [string, string, string, string]
  try {
    compileRegexp(`^(?:${pattern})$`)
  } catch (error) {
    return invalid(`invalid regex in label_replace: ${(error as Error).message}`, offset)
  }
  return { node: 'label_replace', operand, destination, replacement, source, pattern }
}

export interface Modifier {
  bool: boolean
  matching: VectorMatching
}

export function binary(
  operator: BinaryOperator,
  modifier: Modifier,
  left: Draft<Expression>,
  right: Draft<Expression>,
  offset: number,
): Draft<MetricExpression> {
  for (const [side, leg] of [['left', left] as const, ['right', right] as const]) {
    if (leg.node !== 'logs') continue
    const type = leg.stages.length === 0 ? '*syntax.MatchersExpr' : '*syntax.PipelineExpr'
    return invalid(`unexpected type for ${side} leg of binary operation (${operator}): ${type}`, offset)
  }
  // The tokens of a bad number are a leg of their own, and are spoken of first.
  for (const leg of [left, right]) if (leg.node === 'invalid' && leg.message.startsWith('unable to')) return leg
  if (isSetOperator(operator)) {
    for (const [side, leg] of [['left', left] as const, ['right', right] as const]) {
      if (leg.node !== 'literal') continue
      const text = `${side} leg of logical/set binary operation (${operator}): ${leg.value.toFixed(6)}`
      return invalid(`unexpected literal for ${text}`, offset)
    }
  }
  if (left.node === 'literal' && right.node === 'literal') {
    return { node: 'literal', value: fold(operator, left.value, right.value) }
  }
  return { node: 'binary', operator, left: left as MetricExpression, right: right as MetricExpression, ...modifier }
}

function fold(operator: BinaryOperator, a: number, b: number): number {
  if (isSetOperator(operator)) return Number.NaN
  return isComparison(operator) ? Number(compare(operator, a, b)) : arithmetic(operator, a, b)
}
