import {
  type ArithmeticOp,
  duration,
  float,
  int,
  type MetricsOp,
  type MetricsStage,
  NIL,
  type QueryExpression,
  type Static,
} from '../ast.ts'
import { constant, negated } from '../fold.ts'
import { type ActingRule, pick, rule } from './rules.ts'
import { COMPARE_OPS } from './spanset-rules.ts'

/** The whole query, metrics functions and arithmetic over them. Productions as in Tempo's expr.y, "Pipeline" and "Metrics". */
export function rootRules(): ActingRule[] {
  const query = (pipeline: unknown, metrics?: unknown, stages: MetricsStage[] = []) => ({
    expression: { node: 'query', pipeline, metrics, stages },
    hints: [],
  })
  const wrapped = (element: { node: string }) => query({ node: 'pipeline', elements: [element] })
  return [
    rule('root', 'spansetPipeline', ([p]) => query(p)),
    rule('root', 'spansetPipelineExpression', ([e]) => (e.node === 'pipeline' ? query(e) : wrapped(e))),
    rule('root', 'scalarPipelineExpressionFilter', ([e]) => wrapped(e)),
    rule('root', 'spansetPipeline | metricsAggregation', ([p, , m]) => query(p, m)),
    rule('root', 'spansetPipeline | metricsAggregation metricsSecondStagePipeline', ([p, , m, s]) => query(p, m, s)),
    rule('root', 'metricsExpression', ([expression]) => ({ expression, hints: [] })),
    rule('root', 'metricsExpression metricsSecondStagePipeline', ([e, stages]) => ({
      expression: withStages(e, stages),
      hints: [],
    })),
    rule('root', 'root hints', ([root, hints]) => ({ ...root, hints })),
    ...metricsRules(),
    ...scalarRules(),
    rule('hint', 'IDENTIFIER = static', ([name, , value]) => ({ name, value })),
    rule('hints', 'with ( hintList )', pick(3)),
    rule('hintList', 'hint', ([h]) => [h]),
    rule('hintList', 'hintList , hint', ([list, , h]) => [...list, h]),
  ]
}

function withStages(expression: QueryExpression, stages: MetricsStage[]): QueryExpression {
  return { ...expression, stages: [...expression.stages, ...stages] }
}

function metricsRules(): ActingRule[] {
  const call = (op: MetricsOp, args: string, read: (v: unknown[]) => object) => {
    const metrics = (v: unknown[], by: unknown) => ({
      node: 'metrics',
      op,
      attribute: undefined,
      quantiles: [],
      by,
      ...read(v),
    })
    const head = args === '' ? `${op} ( )` : `${op} ( ${args} )`
    return [
      rule('metricsAggregation', head, (v) => metrics(v, [])),
      rule('metricsAggregation', `${head} by ( attributeList )`, (v) => metrics(v, v.at(-2))),
    ]
  }
  const ofAttribute = (v: unknown[]) => ({ attribute: v[2] })
  const compare = (args: string, read: (v: bigint[]) => [bigint, bigint, bigint]) =>
    rule('metricsAggregation', `compare ( spansetFilter${args} )`, (v) => {
      const [topN, start, end] = read(v)
      return { node: 'compare', filter: v[2], topN: Number(topN), start, end }
    })
  return [
    ...call('rate', '', () => ({})),
    ...call('count_over_time', '', () => ({})),
    ...(['min_over_time', 'max_over_time', 'sum_over_time', 'avg_over_time'] as const).flatMap((op) =>
      call(op, 'attribute', ofAttribute),
    ),
    ...call('quantile_over_time', 'attribute , numericList', (v) => ({ attribute: v[2], quantiles: v[4] })),
    ...call('histogram_over_time', 'attribute', ofAttribute),
    compare('', () => [10n, 0n, 0n]),
    compare(' , INTEGER', (v) => [v[4]!, 0n, 0n]),
    compare(' , INTEGER , INTEGER , INTEGER', (v) => [v[4]!, v[6]!, v[8]!]),
    rule('numericList', 'FLOAT', ([n]) => [n]),
    rule('numericList', 'INTEGER', ([n]) => [Number(n)]),
    rule('numericList', 'numericList , FLOAT', ([list, , n]) => [...list, n]),
    rule('numericList', 'numericList , INTEGER', ([list, , n]) => [...list, Number(n)]),
    ...(['topk', 'bottomk'] as const).map((op) =>
      rule('metricsSecondStage', `${op} ( INTEGER )`, ([, , n]) => ({ node: 'rank', op, limit: Number(n) })),
    ),
    ...COMPARE_OPS.map((op) => rule('metricsFilterOperation', op, () => op)),
    rule('metricsFilter', 'metricsFilterOperation scalar', ([op, s]) => ({
      node: 'metricsFilter',
      op,
      value: s.type === 'duration' ? Number(s.value) / 1e9 : numberOf(s),
    })),
    rule('metricsSecondStagePipeline', '| metricsSecondStage', ([, s]) => [s]),
    rule('metricsSecondStagePipeline', 'metricsFilter', ([s]) => [s]),
    rule('metricsSecondStagePipeline', 'metricsSecondStagePipeline | metricsSecondStage', ([list, , s]) => [
      ...list,
      s,
    ]),
    rule('metricsSecondStagePipeline', 'metricsSecondStagePipeline metricsFilter', ([list, s]) => [...list, s]),
    ...mathRules(),
  ]
}

const numberOf = (s: Static) => (s.type === 'int' || s.type === 'float' ? Number(s.value) : Number.NaN)

function mathRules(): ActingRule[] {
  const operators: ArithmeticOp[] = ['+', '-', '*', '/']
  const scalarMath = (
    op: ArithmeticOp,
    s: Static,
    e: QueryExpression,
    scalarOnLeft: boolean,
    fail: (m: string) => void,
  ) => {
    if (s.type === 'duration') fail('duration cannot be used as a scalar operand in metric arithmetic')
    return withStages(e, [{ node: 'scalarMath', op, value: numberOf(s), scalarOnLeft }])
  }
  return [
    rule('metricsExpression', '( metricsExpression )', pick(2)),
    ...operators.map((op) =>
      rule('metricsExpression', `metricsExpression ${op} metricsExpression`, ([lhs, , rhs]) => ({
        node: 'math',
        op,
        lhs,
        rhs,
        stages: [],
      })),
    ),
    rule('metricsExpression', 'wrappedMetricsPipeline', pick(1)),
    ...operators.map((op) =>
      rule('metricsExpression', `metricsExpression ${op} scalar`, ([e, , s], fail) =>
        scalarMath(op, s, e, false, fail),
      ),
    ),
    ...operators.map((op) =>
      rule('metricsExpression', `scalar ${op} metricsExpression`, ([s, , e], fail) => scalarMath(op, s, e, true, fail)),
    ),
    rule('wrappedMetricsPipeline', '( spansetPipeline | metricsAggregation )', ([, pipeline, , metrics]) => ({
      node: 'query',
      pipeline,
      metrics,
      stages: [],
    })),
    rule(
      'wrappedMetricsPipeline',
      '( spansetPipeline | metricsAggregation metricsSecondStagePipeline )',
      ([, pipeline, , metrics, stages]) => ({ node: 'query', pipeline, metrics, stages }),
    ),
  ]
}

/** Numbers and their arithmetic, worked out while parsing: `1/2` is 0, `1/2.0` is 0.5. */
function scalarRules(): ActingRule[] {
  return [
    rule('scalar', 'INTEGER', ([n]) => int(n)),
    rule('scalar', 'FLOAT', ([n]) => float(n)),
    rule('scalar', 'DURATION', ([d]) => duration(d)),
    rule('scalar', '- scalar', ([, s]) => negated(s) ?? NIL, 'UMINUS'),
    rule('scalar', '( scalar )', pick(2)),
    ...(['*', '/', '+', '-'] as const).map((op) =>
      rule('scalar', `scalar ${op} scalar`, ([a, , b], fail) => {
        if (a.type === 'duration' || b.type === 'duration') {
          fail('duration cannot be used in scalar arithmetic')
          return NIL
        }
        try {
          return constant(op, a, b)
        } catch (error) {
          fail((error as Error).message)
          return NIL
        }
      }),
    ),
  ]
}
