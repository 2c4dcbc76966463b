import type { Attribute, FieldExpression, PipelineElement, Query, ScalarExpression } from './ast.ts'
import { print, printAttribute } from './print.ts'
import { regexpFault } from './regexp.ts'
import { isNumeric, opAllowed, referencesSpan, typeOf, typesMatch } from './types.ts'

/** Room that Tempo keeps for the labels of a series. */
const MAX_GROUP_BYS = 5
const MAX_TOP_N = 1000

/** What is wrong with a query that parses, in Tempo's words; undefined when nothing is. */
export function validate({ pipeline, metrics, stages }: Query): string | undefined {
  return (
    firstOf(pipeline.elements, validateElement) ??
    (metrics && validateMetrics(metrics)) ??
    (stages.some((s) => s.node === 'rank' && s.limit <= 0) ? 'limit must be greater than 0' : undefined) ??
    (metrics?.node === 'compare' && stages.length > 0
      ? '`compare()` cannot be used with second stage functions'
      : undefined)
  )
}

const unsupported = (feature: string) => `${feature} not yet supported`

function firstOf<T>(list: readonly T[], check: (item: T) => string | undefined): string | undefined {
  for (const item of list) {
    const fault = check(item)
    if (fault !== undefined) return fault
  }
  return undefined
}

function validateMetrics(metrics: NonNullable<Query['metrics']>): string | undefined {
  if (metrics.node === 'compare') {
    const { topN, start, end } = metrics
    const fault = validateElement(metrics.filter)
    if (fault !== undefined) return fault
    if (topN <= 0 || topN > MAX_TOP_N) {
      return `compare() top number of values must be an integer between 1 and ${MAX_TOP_N}`
    }
    if (start === 0n && end === 0n) return undefined
    if (start <= 0n || end <= 0n) return 'compare() timestamps must be positive integer unix nanoseconds'
    return end <= start ? 'compare() end timestamp must be greater than start timestamp' : undefined
  }
  const { op, by, quantiles } = metrics
  const bucketed = op === 'histogram_over_time' || op === 'quantile_over_time' || op === 'avg_over_time'
  if (by.length > MAX_GROUP_BYS || (bucketed && by.length >= MAX_GROUP_BYS)) {
    return unsupported(`metrics group by ${by.length} values`)
  }
  const bad = quantiles.find((q) => q < 0 || q > 1)
  return bad === undefined ? undefined : `quantile must be between 0 and 1: ${bad}`
}

function validateElement(e: PipelineElement | ScalarExpression): string | undefined {
  switch (e.node) {
    case 'static':
    case 'coalesce':
      return undefined
    case 'pipeline':
      return firstOf(e.elements, validateElement)
    case 'filter': {
      const fault = validateField(e.expression)
      if (fault !== undefined) return fault
      const type = typeOf(e.expression)
      if (type === 'attribute' || type === 'bool') return undefined
      return `span filter field expressions must resolve to a boolean: ${print(e)}`
    }
    case 'spansetOperation':
      return validateElement(e.lhs) ?? validateElement(e.rhs)
    case 'group':
      if (!referencesSpan(e.expression)) return `grouping field expressions must reference the span: ${print(e)}`
      return validateField(e.expression)
    case 'select':
      return firstOf(e.attributes, validateAttribute)
    case 'aggregate':
      return validateAggregate(e)
    case 'scalarOperation':
      return validateElement(e.lhs) ?? validateElement(e.rhs) ?? sidesFault(e)
    case 'scalarFilter':
      return (
        validateElement(e.lhs) ??
        validateElement(e.rhs) ??
        sidesFault(e) ??
        // Tempo forgot to fill in the type too.
        (e.lhs.node !== 'aggregate' ? unsupported('scalar filter lhs of type (%v)') : undefined) ??
        (e.rhs.node !== 'static' ? unsupported('scalar filter rhs of type (%v)') : undefined)
      )
  }
}

function sidesFault(
  e: Extract<PipelineElement | ScalarExpression | FieldExpression, { lhs: unknown; op: string }>,
): string | undefined {
  if (e.node === 'spansetOperation') return undefined
  const left = typeOf(e.lhs as FieldExpression | ScalarExpression)
  const right = typeOf(e.rhs as FieldExpression | ScalarExpression)
  if (!typesMatch(left, right)) return `binary operations must operate on the same type: ${print(e)}`
  return opAllowed(e.op, left, right) ? undefined : `illegal operation for the given types: ${print(e)}`
}

function validateAggregate(e: Extract<ScalarExpression, { node: 'aggregate' }>): string | undefined {
  if (e.expression === undefined) return undefined
  const fault = validateField(e.expression)
  if (fault !== undefined) return fault
  const type = typeOf(e.expression)
  if (type !== 'attribute' && !isNumeric(type)) {
    return `aggregate field expressions must resolve to a number type: ${print(e)}`
  }
  return referencesSpan(e.expression) ? undefined : `aggregate field expressions must reference the span: ${print(e)}`
}

function validateAttribute(a: Attribute): string | undefined {
  if (a.parent) return unsupported('parent')
  return a.intrinsic === 'parent' ? unsupported('intrinsic (parent)') : undefined
}

/** What is wrong with what stands between braces. */
export function validateField(e: FieldExpression): string | undefined {
  switch (e.node) {
    case 'static':
      return undefined
    case 'attribute':
      return validateAttribute(e)
    case 'unary':
      return validateUnary(e)
    case 'binary': {
      const fault = validateField(e.lhs) ?? validateField(e.rhs) ?? sidesFault(e)
      if (fault !== undefined || (e.op !== '=~' && e.op !== '!~')) return fault
      const { rhs } = e
      if (rhs.node !== 'static' || (rhs.type !== 'string' && rhs.type !== 'string[]')) {
        return `invalid type for =~ or !~: ${print(rhs)}`
      }
      const patterns = rhs.type === 'string' ? [rhs.value] : rhs.value
      return patterns.some((p) => regexpFault(p) !== undefined) ? `invalid regex: ${print(rhs)}` : undefined
    }
  }
}

function validateUnary(e: Extract<FieldExpression, { node: 'unary' }>): string | undefined {
  const fault = validateField(e.expression)
  if (fault !== undefined) return fault
  if (e.op === 'absent' && e.expression.node === 'attribute') {
    const a = e.expression
    if (a.intrinsic !== undefined) {
      return `${printAttribute(a)}=nil is not valid because intrinsics cannot be nil`
    }
    if (a.scope === 'resource' && a.name === 'service.name') {
      return `${printAttribute(a)}=nil is not valid because resource.service.name cannot be nil`
    }
  }
  const type = typeOf(e.expression)
  if (type === 'attribute' || e.op === 'exists' || e.op === 'absent') return undefined
  const fits = e.op === '-' ? isNumeric(type) : type === 'bool'
  return fits ? undefined : `illegal operation for the given type: ${print(e)}`
}
