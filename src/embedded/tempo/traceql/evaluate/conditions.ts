import {
  type Attribute,
  type FieldExpression,
  type FieldOp,
  intrinsic,
  type MetricsAggregate,
  type Pipeline,
  type PipelineElement,
  type ScalarExpression,
  type Static,
  sameAttribute,
} from '../ast.ts'
import { isBooleanOp } from '../types.ts'

/**
 * What a query asks of storage, as Tempo works it out. It decides which spans an evaluation sees and which
 * attributes a result lists, so it is part of the language as users know it.
 */
export interface Condition {
  attribute: Attribute
  /** `any` takes whatever value there is. */
  op: FieldOp | 'any' | 'exists' | 'absent'
  operand?: Static
}

export interface FetchRequest {
  conditions: Condition[]
  /** Only read for the spans of a result. */
  secondPass: Condition[]
  /** Every condition must hold; else any will do. */
  all: boolean
}

export function requestOf(pipeline: Pipeline): FetchRequest {
  const request: FetchRequest = { conditions: [], secondPass: [], all: true }
  fromPipeline(pipeline, request)
  return request
}

function fromPipeline({ elements }: Pipeline, request: FetchRequest): void {
  let selected = false
  for (const element of elements) {
    if (selected) {
      // What comes after select() is read in the second pass, unless it was already asked for as it is.
      const later: FetchRequest = { conditions: [], secondPass: [], all: true }
      fromElement(element, later)
      for (const c of [...later.conditions, ...later.secondPass]) {
        const known = [...request.conditions, ...request.secondPass]
        if (!known.some((k) => k.op === 'any' && covers(k.attribute, c.attribute))) request.secondPass.push(c)
      }
    } else fromElement(element, request)
    if (element.node === 'select') selected = true
  }
}

/** `.foo` stands for `span.foo` and `resource.foo` too. */
function covers(a: Attribute, b: Attribute): boolean {
  if (sameAttribute(a, b)) return true
  return (
    a.scope === 'none' &&
    (b.scope === 'resource' || b.scope === 'span') &&
    a.parent === b.parent &&
    a.name === b.name &&
    a.intrinsic === b.intrinsic
  )
}

/** Adds what a metrics function reads. */
export function addMetrics({ attribute, by }: MetricsAggregate, request: FetchRequest): void {
  const has = (a: Attribute, list: Condition[]) => list.some((c) => covers(c.attribute, a))
  const both = () => [...request.conditions, ...request.secondPass]
  if (attribute && !has(attribute, both())) request.secondPass.push({ attribute, op: 'any' })
  for (const b of by) {
    if (!has(b, request.all ? both() : request.secondPass)) request.secondPass.push({ attribute: b, op: 'any' })
  }
}

function fromElement(e: PipelineElement | ScalarExpression, request: FetchRequest): void {
  switch (e.node) {
    case 'static':
    case 'coalesce':
      return
    case 'pipeline':
      fromPipeline(e, request)
      return
    case 'filter':
      fromField(e.expression, request)
      if (e.expression.node === 'static' && e.expression.type === 'bool' && e.expression.value) {
        if (request.conditions.some((c) => c.attribute.intrinsic !== undefined && c.op === 'any')) return
        request.conditions.push({ attribute: intrinsic('spanStartTime'), op: 'any' })
      }
      return
    case 'spansetOperation':
      if (e.op !== '&&' && e.op !== '||') request.conditions.push({ attribute: STRUCTURE, op: 'any' })
      fromElement(e.lhs, request)
      fromElement(e.rhs, request)
      request.all = false
      return
    case 'group':
      fromField(e.expression, request)
      request.all = false
      return
    case 'select':
      for (const attribute of e.attributes) request.secondPass.push({ attribute, op: 'any' })
      return
    case 'aggregate':
      request.all = false
      if (e.expression) fromField(e.expression, request)
      return
    case 'scalarFilter':
    case 'scalarOperation':
      fromElement(e.lhs, request)
      fromElement(e.rhs, request)
  }
}

/** Stands for a span's place in the tree, which is read without being listed. */
export const STRUCTURE: Attribute = intrinsic('nestedSetLeft')

function fromField(e: FieldExpression, request: FetchRequest): void {
  const any = (attribute: Attribute) => request.conditions.push({ attribute, op: 'any' })
  if (e.node === 'attribute') any(e)
  else if (e.node === 'unary') {
    const { expression } = e
    if (expression.node === 'attribute' && (e.op === 'exists' || e.op === 'absent')) {
      request.conditions.push({ attribute: expression, op: e.op })
    } else fromField(expression, request)
  } else if (e.node === 'binary') {
    const { lhs, rhs, op } = e
    if (lhs.node === 'attribute' && rhs.node === 'static') request.conditions.push(compared(lhs, op, rhs))
    else if (lhs.node === 'static' && rhs.node === 'attribute')
      request.conditions.push(compared(rhs, FLIPPED[op] ?? op, lhs))
    else {
      fromField(lhs, request)
      fromField(rhs, request)
      const direct = lhs.node === 'attribute' || (lhs.node === 'static' && rhs.node !== 'static')
      if (!direct && op === '||') request.all = false
    }
  }
}

export const FLIPPED: Partial<Record<FieldOp, FieldOp>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

function compared(attribute: Attribute, op: FieldOp, operand: Static): Condition {
  const logical = operand.type === 'bool' && (op === '||' || op === '&&')
  if (!isBooleanOp(op) || logical) return { attribute, op: 'any' }
  return { attribute, op, operand }
}
