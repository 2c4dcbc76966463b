import { Args, Flags } from '@oclif/core'
import { EXIT } from '../../errors.ts'
import { spanOf, windowFlags, windowOf } from '../base/time-flags.ts'
import { LabCommand } from '../base.ts'

const HOUR_MS = 3_600_000
/** The functions that make a TraceQL query one of metrics, which Tempo answers elsewhere. */
const METRICS = /\|\s*(rate|compare|(count|min|max|avg|sum|quantile|histogram)_over_time)\s*\(/

export class QueryTempo extends LabCommand {
  static override summary = 'Ask Tempo in TraceQL'
  static override description =
    'Traces of the last hour unless the window is given, newest first; TraceQL metrics such as rate() as their course. Exit code 1 when nothing is found or the query is refused.'
  static override examples = [
    "<%= config.bin %> <%= command.id %> '{status=error}'",
    `<%= config.bin %> <%= command.id %> '{resource.service.name="neuro-preprocess" && name="skull_strip" && duration>1s}' --since 10m`,
    "<%= config.bin %> <%= command.id %> '{} | rate() by (name)' --since 15m",
  ]
  static override enableJsonFlag = true
  static override args = { query: Args.string({ required: true, description: 'TraceQL' }) }
  static override flags = {
    ...windowFlags,
    limit: Flags.integer({ description: 'at most so many traces', default: 20, min: 1 }),
    step: Flags.string({ description: 'time between the points of a metrics query' }),
    instant: Flags.boolean({ description: 'a metrics query over the whole window as one value' }),
  }

  async run() {
    const { args, flags } = await this.parse(QueryTempo)
    const signal = this.interruptSignal()
    const now = Date.now()
    const window = windowOf(flags, HOUR_MS, now)
    const step = flags.step === undefined ? {} : { step: `${spanOf(flags.step, '--step') / 1000}s` }
    const [{ openLabBackends }, { wholeSeconds }, { renderSeries }, { renderTraces }, answers, why, meant] =
      await Promise.all([
        import('../../lab/open-backends.ts'),
        import('../../backends/time.ts'),
        import('./tempo-metric-view.ts'),
        import('./trace-list-view.ts'),
        import('../../backends/tempo-answers.ts'),
        import('../../diagnosis/why-empty.ts'),
        import('../../diagnosis/meant.ts'),
      ])
    const { tempo } = (await openLabBackends()).backends
    const range = wholeSeconds(window)
    const metrics = METRICS.test(args.query)
    const ask = () =>
      metrics
        ? tempo.raw(
            flags.instant ? 'metrics/query' : 'metrics/query_range',
            args.query,
            { ...range, ...step },
            { signal },
          )
        : tempo.raw('search', args.query, { ...range, limit: flags.limit }, { signal })
    const answer = await meant.withMeant(ask, () => meant.meantOfTempo(tempo, args.query, { window, signal }), 'tempo')
    const traces = (answer.traces ?? []).map(answers.readFound)
    const series = answers.readSeries(answer.series)
    if (traces.length + series.length === 0) {
      this.endWith(EXIT.failed)
      if (!this.jsonEnabled()) this.log(await why.whyNoTraces(tempo, args.query, { window, metrics, signal }))
    } else if (metrics) {
      this.log(renderSeries(series))
    } else {
      this.log(renderTraces(traces, now))
      this.log(`\n→ otel-lab trace ${traces[0]!.traceId}`)
      if (traces.length === flags.limit)
        this.log(`There may be more than ${flags.limit}: → --limit ${flags.limit * 10}`)
    }
    return answer
  }
}
