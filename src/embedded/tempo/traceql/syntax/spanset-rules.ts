import {
  type Aggregate,
  type ArithmeticOp,
  type CompareOp,
  type PipelineElement,
  type SpansetOp,
  TRUE,
} from '../ast.ts'
import { type ActingRule, pick, rule } from './rules.ts'
import { STRUCTURAL } from './tokens.ts'

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

function scalarRules(): ActingRule[] {
  const filter = (lhs: string, left: string, right: string) =>
    rule(lhs, `${left} scalarFilterOperation ${right}`, ([a, op, b]) => ({
      node: 'scalarFilter',
      op,
      lhs: a,
      rhs: b,
    }))
  const arithmetic = (lhs: string, left: string, right: string) =>
    ARITHMETIC_OPS.map((op) =>
      rule(lhs, `${left} ${op} ${right}`, ([a, , b]) => ({ node: 'scalarOperation', op, lhs: a, rhs: b })),
    )
  return [
    filter('scalarFilter', 'scalarExpression', 'scalarExpression'),
    filter('scalarFilter', 'scalarExpression', 'scalar'),
    filter('scalarFilter', 'scalar', 'scalarExpression'),
    ...COMPARE_OPS.map((op) => rule('scalarFilterOperation', op, () => op)),
    filter('scalarPipelineExpressionFilter', 'scalarPipelineExpression', 'scalarPipelineExpression'),
    filter('scalarPipelineExpressionFilter', 'scalarPipelineExpression', 'scalar'),
    rule('scalarPipelineExpression', '( scalarPipelineExpression )', pick(2)),
    ...arithmetic('scalarPipelineExpression', 'scalarPipelineExpression', 'scalarPipelineExpression'),
    rule('scalarPipelineExpression', 'wrappedScalarPipeline', pick(1)),
    rule('wrappedScalarPipeline', '( scalarPipeline )', pick(2)),
    rule('scalarPipeline', 'spansetPipeline | aggregate', ([p, , a]) => pipeline(...p.elements, a)),
    rule('scalarExpression', '( scalarExpression )', pick(2)),
    ...arithmetic('scalarExpression', 'scalarExpression', 'scalarExpression'),
    ...arithmetic('scalarExpression', 'scalarExpression', 'scalar'),
    ...arithmetic('scalarExpression', 'scalar', 'scalarExpression'),
    rule('scalarExpression', 'aggregate', pick(1)),
    rule('aggregate', 'count ( )', () => aggregate('count')),
    ...(['max', 'min', 'avg', 'sum'] as const).map((op) =>
      rule('aggregate', `${op} ( fieldExpression )`, ([, , e]) => aggregate(op, e)),
    ),
  ]
}
