import {
  type Aggregate,
  type ArithmeticOp,
  type CompareOp,
  duration,
  float,
  int,
  type PipelineElement,
  type SpansetOp,
  type Static,
  TRUE,
} from '../ast.ts'
import { type ActingRule, pick, rule, type Value } from './rules.ts'
import { STRUCTURAL } from './tokens.ts'

type Numeric = Extract<Static, { type: 'int' | 'float' | 'duration' }>

export const COMPARE_OPS: CompareOp[] = ['=', '!=', '<', '<=', '>', '>=']
const ARITHMETIC_OPS: ArithmeticOp[] = ['+', '-', '*', '/', '%', '^']
const SPANSET_OPS = ['&&', '>', '<', '>>', '<<', '||', '~', ...STRUCTURAL.filter((op) => op.length > 1), '!~'].filter(
  (op, i, all) => all.indexOf(op) === i,
) as SpansetOp[]

const pipeline = (...elements: PipelineElement[]) => ({ node: 'pipeline', elements })
const aggregate = (op: Aggregate['op'], expression?: Aggregate['expression']) => ({ node: 'aggregate', op, expression })

/** Spansets, pipelines and scalars. Productions as in Tempo's expr.y, "Spanset Expressions" and "Scalar Expressions". */
export function spansetRules(): ActingRule[] {
  const spansetOperations = (lhs: string) =>
    SPANSET_OPS.map((op) =>
      rule(lhs, `${lhs} ${op} ${lhs}`, ([a, , b]) => ({ node: 'spansetOperation', op, lhs: a, rhs: b })),
    )
  return [
    rule('spansetPipelineExpression', '( spansetPipelineExpression )', pick(2)),
    ...spansetOperations('spansetPipelineExpression'),
    rule('spansetPipelineExpression', 'wrappedSpansetPipeline', pick(1)),
    rule('wrappedSpansetPipeline', '( spansetPipeline )', pick(2)),
    ...['spansetExpression', 'scalarFilter', 'groupOperation', 'selectOperation'].map((one) =>
      rule('spansetPipeline', one, ([a]) => pipeline(a)),
    ),
    ...['spansetExpression', 'scalarFilter', 'groupOperation', 'coalesceOperation', 'selectOperation'].map((one) =>
      rule('spansetPipeline', `spansetPipeline | ${one}`, ([p, , a]) => pipeline(...p.elements, a)),
    ),
    rule('groupOperation', 'by ( fieldExpression )', ([, , expression]) => ({ node: 'group', expression })),
    rule('coalesceOperation', 'coalesce ( )', () => ({ node: 'coalesce' })),
    rule('selectOperation', 'select ( attributeList )', ([, , attributes]) => ({ node: 'select', attributes })),
    rule('spansetExpression', '( spansetExpression )', pick(2)),
    ...spansetOperations('spansetExpression'),
    rule('spansetExpression', 'spansetFilter', pick(1)),
    rule('spansetFilter', '{ }', () => ({ node: 'filter', expression: TRUE })),
    rule('spansetFilter', '{ fieldExpression }', ([, expression]) => ({ node: 'filter', expression })),
    ...scalarRules(),
  ]
}

/** A number or a duration, or `-` and one; `act` is given it and what stands before. */
export function literals(lhs: string, before: string, act: (value: Numeric, values: Value[]) => unknown): ActingRule[] {
  const kinds: [token: string, make: (written: never) => Numeric][] = [
    ['INTEGER', int],
    ['FLOAT', float],
    ['DURATION', duration],
  ]
  return ['', '- '].flatMap((sign) =>
    kinds.map(([token, make]) =>
      rule(lhs, `${before}${sign}${token}`, (v) => act(make((sign === '' ? v.at(-1) : -v.at(-1)) as never), v)),
    ),
  )
}

function scalarRules(): ActingRule[] {
  const filter = (lhs: string, left: string, right: string) =>
    rule(lhs, `${left} scalarFilterOperation ${right}`, ([a, op, b]) => ({
      node: 'scalarFilter',
      op,
      lhs: a,
      rhs: b,
    }))
  const arithmetic = (of: string) =>
    ARITHMETIC_OPS.map((op) =>
      rule(of, `${of} ${op} ${of}`, ([a, , b]) => ({ node: 'scalarOperation', op, lhs: a, rhs: b })),
    )
  return [
    filter('scalarFilter', 'scalarExpression', 'scalarExpression'),
    ...COMPARE_OPS.map((op) => rule('scalarFilterOperation', op, () => op)),
    filter('scalarPipelineExpressionFilter', 'scalarPipelineExpression', 'scalarPipelineExpression'),
    filter('scalarPipelineExpressionFilter', 'scalarPipelineExpression', 'static'),
    rule('scalarPipelineExpression', '( scalarPipelineExpression )', pick(2)),
    ...arithmetic('scalarPipelineExpression'),
    rule('scalarPipelineExpression', 'wrappedScalarPipeline', pick(1)),
    rule('wrappedScalarPipeline', '( scalarPipeline )', pick(2)),
    rule('scalarPipeline', 'spansetPipeline | aggregate', ([p, , a]) => pipeline(...p.elements, a)),
    rule('scalarExpression', '( scalarExpression )', pick(2)),
    ...arithmetic('scalarExpression'),
    rule('scalarExpression', 'aggregate', pick(1)),
    ...literals('scalarExpression', '', (value) => value),
    rule('aggregate', 'count ( )', () => aggregate('count')),
    ...(['max', 'min', 'avg', 'sum'] as const).map((op) =>
      rule('aggregate', `${op} ( fieldExpression )`, ([, , e]) => aggregate(op, e)),
    ),
  ]
}
