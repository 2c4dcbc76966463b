import { table } from '../../../util/table.ts'
import type { Attribute, FieldExpression, FieldOp, Pipeline, ScalarExpression, ValueType } from './ast.ts'

const BOOLEAN_OPS: ReadonlySet<string> = new Set(['&&', '||', '=', '!=', '=~', '!~', '<', '<=', '>', '>=', '!'])
const ORDER = ['=', '!=', '<', '<=', '>', '>=']
const NUMBER_OPS: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '^', ...ORDER])
const STRING_OPS: ReadonlySet<string> = new Set([...ORDER, '=~', '!~'])
const BOOL_OPS: ReadonlySet<string> = new Set(['&&', '||', '=', '!='])
const EQUALITY: ReadonlySet<string> = new Set(['=', '!='])

const OPS_OF: Partial<Record<ValueType, ReadonlySet<string>>> = {
  bool: BOOL_OPS,
  'bool[]': BOOL_OPS,
  int: NUMBER_OPS,
  'int[]': NUMBER_OPS,
  float: NUMBER_OPS,
  'float[]': NUMBER_OPS,
  duration: NUMBER_OPS,
  string: STRING_OPS,
  'string[]': STRING_OPS,
  nil: EQUALITY,
  status: EQUALITY,
  kind: EQUALITY,
}

export const isBooleanOp = (op: FieldOp): boolean => BOOLEAN_OPS.has(op)
export const isNumeric = (t: ValueType): boolean => t === 'int' || t === 'float' || t === 'duration'
export const isArray = (t: ValueType): boolean => t.endsWith('[]')

/** Whether `op` makes sense between these types. */
export function opAllowed(op: string, lhs: ValueType, rhs: ValueType): boolean {
  const allows = (t: ValueType) => t === 'attribute' || (OPS_OF[t]?.has(op) ?? false)
  return allows(lhs) && allows(rhs)
}

/** Whether values of these types can stand on the two sides of an operator at all. */
export function typesMatch(a: ValueType, b: ValueType): boolean {
  if (a === 'attribute' || b === 'attribute' || a === b || a === 'nil' || b === 'nil') return true
  return (isNumeric(a) && isNumeric(b)) || matchesElement(a, b)
}

/** One is an array whose elements go with the other. */
export function matchesElement(a: ValueType, b: ValueType): boolean {
  if (isArray(a)) return typesMatch(a.slice(0, -2) as ValueType, b)
  return isArray(b) && typesMatch(b.slice(0, -2) as ValueType, a)
}

const INTRINSIC_TYPES: Record<string, ValueType> = table({
  duration: 'duration',
  'span:childCount': 'int',
  name: 'string',
  status: 'status',
  statusMessage: 'string',
  kind: 'kind',
  'event:name': 'string',
  'event:timeSinceStart': 'duration',
  'link:traceID': 'string',
  'link:spanID': 'string',
  parent: 'nil',
  traceDuration: 'duration',
  rootServiceName: 'string',
  rootName: 'string',
  nestedSetLeft: 'int',
  nestedSetRight: 'int',
  nestedSetParent: 'int',
  'trace:id': 'string',
  'span:id': 'string',
  'span:parentID': 'string',
})

function attributeType({ intrinsic }: Attribute): ValueType {
  return (intrinsic && INTRINSIC_TYPES[intrinsic]) ?? 'attribute'
}

/** What an expression will be, as far as one can tell without data. */
export function typeOf(e: FieldExpression | ScalarExpression): ValueType {
  switch (e.node) {
    case 'static':
      return e.type
    case 'attribute':
      return attributeType(e)
    case 'unary':
      return e.op === 'exists' || e.op === 'absent' ? 'bool' : typeOf(e.expression)
    case 'binary':
    case 'scalarOperation': {
      if (isBooleanOp(e.op)) return 'bool'
      const left = typeOf(e.lhs)
      return left === 'attribute' ? typeOf(e.rhs) : left
    }
    case 'aggregate':
      return e.op === 'count' || e.expression === undefined ? 'int' : typeOf(e.expression)
    case 'pipeline':
      return pipelineType(e)
  }
}

function pipelineType({ elements }: Pipeline): ValueType {
  const last = elements.at(-1)
  return last?.node === 'aggregate' ? typeOf(last) : 'spanset'
}

/** Whether the expression looks at the span at all. */
export function referencesSpan(e: FieldExpression): boolean {
  switch (e.node) {
    case 'static':
      return false
    case 'attribute':
      return true
    case 'unary':
      return referencesSpan(e.expression)
    case 'binary':
      return referencesSpan(e.lhs) || referencesSpan(e.rhs)
  }
}
