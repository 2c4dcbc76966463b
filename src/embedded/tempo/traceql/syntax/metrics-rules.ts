import type { MetricsOp, MetricsStage } from '../ast.ts'
import { type ActingRule, pick, rule } from './rules.ts'
import { COMPARE_OPS, literals } from './spanset-rules.ts'

/** The whole query and metrics functions. Productions as in the expr.y of Tempo 3.0.3, "Pipeline" and "Metrics". */
export function rootRules(): ActingRule[] {
  const query = (pipeline: unknown, metrics?: unknown, stages: MetricsStage[] = []) => ({
    pipeline,
    metrics,
    stages,
    hints: [],
  })
  const wrapped = (element: { node: string }) => query({ node: 'pipeline', elements: [element] })
  return [
    rule('root', 'spansetPipeline', ([p]) => query(p)),
    rule('root', 'spansetPipelineExpression', ([e]) => (e.node === 'pipeline' ? query(e) : wrapped(e))),
    rule('root', 'scalarPipelineExpressionFilter', ([e]) => wrapped(e)),
    rule('root', 'spansetPipeline | metricsAggregation', ([p, , m]) => query(p, m)),
    rule('root', 'spansetPipeline | metricsAggregation metricsSecondStagePipeline', ([p, , m, s]) => query(p, m, s)),
    rule('root', 'root hints', ([root, hints]) => ({ ...root, hints })),
    ...metricsRules(),
    rule('hint', 'IDENTIFIER = static', ([name, , value]) => ({ name, value })),
    rule('hints', 'with ( hintList )', pick(3)),
    rule('hintList', 'hint', ([h]) => [h]),
    rule('hintList', 'hintList , hint', ([list, , h]) => [...list, h]),
  ]
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
    ...literals('metricsFilter', 'metricsFilterOperation ', (value, [op]) => ({
      node: 'metricsFilter',
      op,
      value: value.type === 'duration' ? Number(value.value) / 1e9 : Number(value.value),
    })),
    rule('metricsSecondStagePipeline', '| metricsSecondStage', ([, s]) => [s]),
    rule('metricsSecondStagePipeline', 'metricsFilter', ([s]) => [s]),
    rule('metricsSecondStagePipeline', 'metricsSecondStagePipeline | metricsSecondStage', ([list, , s]) => [
      ...list,
      s,
    ]),
    rule('metricsSecondStagePipeline', 'metricsSecondStagePipeline metricsFilter', ([list, s]) => [...list, s]),
  ]
}
