import {
  type BinaryOperator,
  type LogExpression,
  type LogRange,
  RANGE_OPERATIONS,
  type Unwrap,
  VECTOR_OPERATIONS,
} from '../ast.ts'
import { binary, labelReplace, literal, type Modifier, rangeAggregation, vector, vectorAggregation } from './build.ts'
import { type ActingRule, listRules, pick, rule } from './rules.ts'

const logs = (matchers: LogExpression['matchers'], stages: LogExpression['stages'] = []): LogExpression => ({
  node: 'logs',
  matchers,
  stages,
})

/** The whole query, and all that yields numbers. Productions as in Loki's syntax.y, from "root" on. */
export function metricRules(): ActingRule[] {
  return [
    rule('root', 'expr'),
    rule('expr', 'logExpr'),
    rule('expr', 'metricExpr'),
    rule('logExpr', 'selector', ([matchers]) => logs(matchers)),
    rule('logExpr', 'selector pipelineExpr', ([matchers, stages]) => logs(matchers, stages)),
    rule('logExpr', '( logExpr )', pick(2)),
    ...'rangeAggregationExpr vectorAggregationExpr binOpExpr literalExpr labelReplaceExpr vectorExpr'
      .split(' ')
      .map((kind) => rule('metricExpr', kind)),
    rule('metricExpr', '( metricExpr )', pick(2)),
    ...logRangeRules(),
    ...aggregationRules(),
    rule('labelReplaceExpr', 'label_replace ( metricExpr , STRING , STRING , STRING , STRING )', (v, at) =>
      labelReplace(v[2], [v[4], v[6], v[8], v[10]], at),
    ),
    rule('literalExpr', 'NUMBER', ([n], at) => literal(n, false, at)),
    rule('literalExpr', '+ NUMBER', ([, n], at) => literal(n, false, at)),
    rule('literalExpr', '- NUMBER', ([, n], at) => literal(n, true, at)),
    rule('vectorExpr', 'vector ( NUMBER )', ([, , n], at) => vector(n, at)),
    rule('vector', 'VECTOR'),
    ...binaryRules(),
  ]
}

/** `{a="b"} | json | unwrap x [5m] offset 1h`: the range may stand before the stages too, and parentheses around. */
function logRangeRules(): ActingRule[] {
  const parts = (rhs: string): ActingRule => {
    const names = rhs.split(' ')
    const at = (name: string) => names.indexOf(name)
    return rule('logRangeExpr', rhs, (v): LogRange => {
      const value = (name: string) => (at(name) < 0 ? undefined : v[at(name)])
      return {
        logs: logs(value('selector'), value('pipelineExpr') ?? []),
        unwrap: value('unwrapExpr'),
        intervalNanos: value('RANGE'),
        offsetNanos: value('offsetExpr') ?? 0n,
      }
    })
  }
  const offsets = (rhs: string) => [parts(rhs), parts(`${rhs} offsetExpr`)]
  return [
    ...offsets('selector RANGE'),
    ...offsets('( selector ) RANGE'),
    parts('selector RANGE unwrapExpr'),
    parts('selector RANGE offsetExpr unwrapExpr'),
    parts('( selector ) RANGE unwrapExpr'),
    parts('( selector ) RANGE offsetExpr unwrapExpr'),
    ...offsets('selector unwrapExpr RANGE'),
    ...offsets('( selector unwrapExpr ) RANGE'),
    ...offsets('selector pipelineExpr RANGE'),
    ...offsets('( selector pipelineExpr ) RANGE'),
    ...offsets('selector pipelineExpr unwrapExpr RANGE'),
    ...offsets('( selector pipelineExpr unwrapExpr ) RANGE'),
    parts('selector RANGE pipelineExpr'),
    parts('selector RANGE offsetExpr pipelineExpr'),
    parts('selector RANGE pipelineExpr unwrapExpr'),
    parts('selector RANGE offsetExpr pipelineExpr unwrapExpr'),
    rule('logRangeExpr', '( logRangeExpr )', pick(2)),
    rule('offsetExpr', 'offset DURATION', pick(2)),
    rule('unwrapExpr', '| unwrap IDENTIFIER', ([, , label]): Unwrap => ({ label, conversion: undefined, filters: [] })),
    rule('unwrapExpr', '| unwrap convOp ( IDENTIFIER )', ([, , conversion, , label]) => ({
      label,
      conversion,
      filters: [],
    })),
    rule('unwrapExpr', 'unwrapExpr | labelFilter', ([unwrap, , f]) => ({ ...unwrap, filters: [...unwrap.filters, f] })),
    rule('convOp', 'BYTES_CONV', () => 'bytes'),
    rule('convOp', 'DURATION_CONV', () => 'duration'),
    rule('convOp', 'DURATION_SECONDS_CONV', () => 'duration_seconds'),
  ]
}

function aggregationRules(): ActingRule[] {
  const groupings = (['by', 'without'] as const).flatMap((word) => [
    rule('grouping', `${word} ( labels )`, ([, , labels]) => ({ without: word === 'without', labels })),
    rule('grouping', `${word} ( )`, () => ({ without: word === 'without', labels: [] })),
  ])
  return [
    rule('rangeAggregationExpr', 'rangeOp ( logRangeExpr )', (v, at) =>
      rangeAggregation(v[0], v[2], undefined, undefined, at),
    ),
    rule('rangeAggregationExpr', 'rangeOp ( NUMBER , logRangeExpr )', (v, at) =>
      rangeAggregation(v[0], v[4], undefined, v[2], at),
    ),
    rule('rangeAggregationExpr', 'rangeOp ( logRangeExpr ) grouping', (v, at) =>
      rangeAggregation(v[0], v[2], v[4], undefined, at),
    ),
    rule('rangeAggregationExpr', 'rangeOp ( NUMBER , logRangeExpr ) grouping', (v, at) =>
      rangeAggregation(v[0], v[4], v[6], v[2], at),
    ),
    rule('vectorAggregationExpr', 'vectorOp ( metricExpr )', (v, at) =>
      vectorAggregation(v[0], v[2], undefined, undefined, at),
    ),
    rule('vectorAggregationExpr', 'vectorOp grouping ( metricExpr )', (v, at) =>
      vectorAggregation(v[0], v[3], v[1], undefined, at),
    ),
    rule('vectorAggregationExpr', 'vectorOp ( metricExpr ) grouping', (v, at) =>
      vectorAggregation(v[0], v[2], v[4], undefined, at),
    ),
    rule('vectorAggregationExpr', 'vectorOp ( NUMBER , metricExpr )', (v, at) =>
      vectorAggregation(v[0], v[4], undefined, v[2], at),
    ),
    rule('vectorAggregationExpr', 'vectorOp ( NUMBER , metricExpr ) grouping', (v, at) =>
      vectorAggregation(v[0], v[4], v[6], v[2], at),
    ),
    rule('vectorAggregationExpr', 'vectorOp grouping ( NUMBER , metricExpr )', (v, at) =>
      vectorAggregation(v[0], v[5], v[1], v[3], at),
    ),
    ...RANGE_OPERATIONS.map((name) => rule('rangeOp', name.toUpperCase(), () => name)),
    ...VECTOR_OPERATIONS.map((name) => rule('vectorOp', name.toUpperCase(), () => name)),
    ...groupings,
    ...listRules('labels', 'IDENTIFIER'),
  ]
}

const OPERATORS: BinaryOperator[] = [
  ...(['or', 'and', 'unless', '+', '-', '*', '/', '%', '^'] as const),
  ...(['==', '!=', '>', '>=', '<', '<='] as const),
]

/** Loki's `boolModifier` may be empty; here what is empty there is a production of its own. */
function binaryRules(): ActingRule[] {
  const plain: Modifier = {
    bool: false,
    matching: { card: 'one-to-one', on: false, labels: undefined, include: undefined },
  }
  const matching = (bool: boolean, word: string, labels: string[] | undefined): Modifier => ({
    bool,
    matching: { ...plain.matching, on: word === 'on', labels },
  })
  const grouped = (m: Modifier, card: 'many-to-one' | 'one-to-many', include?: string[]): Modifier => ({
    bool: m.bool,
    matching: { ...m.matching, card, include },
  })
  const cards = [
    ['group_left', 'many-to-one'],
    ['group_right', 'one-to-many'],
  ] as const
  return [
    ...OPERATORS.flatMap((operator) => [
      rule('binOpExpr', `expr ${operator} expr`, (v, at) => binary(operator, plain, v[0], v[2], at)),
      rule('binOpExpr', `expr ${operator} binOpModifier expr`, (v, at) => binary(operator, v[2], v[0], v[3], at)),
    ]),
    rule('binOpModifier', 'bool', () => ({ ...plain, bool: true })),
    rule('binOpModifier', 'onOrIgnoringModifier'),
    ...(['on', 'ignoring'] as const).flatMap((word) => [
      rule('onOrIgnoringModifier', `${word} ( labels )`, (v) => matching(false, word, v[2])),
      rule('onOrIgnoringModifier', `${word} ( )`, () => matching(false, word, undefined)),
      rule('onOrIgnoringModifier', `bool ${word} ( labels )`, (v) => matching(true, word, v[3])),
      rule('onOrIgnoringModifier', `bool ${word} ( )`, () => matching(true, word, undefined)),
    ]),
    ...cards.flatMap(([word, card]) => [
      rule('binOpModifier', `onOrIgnoringModifier ${word}`, (v) => grouped(v[0], card)),
      rule('binOpModifier', `onOrIgnoringModifier ${word} ( )`, (v) => grouped(v[0], card)),
      rule('binOpModifier', `onOrIgnoringModifier ${word} ( labels )`, (v) => grouped(v[0], card, v[3])),
    ]),
  ]
}
