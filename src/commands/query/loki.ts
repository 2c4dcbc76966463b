import { Args, Flags } from '@oclif/core'
import { EXIT } from '../../errors.ts'
import { spanOf, windowFlags, windowOf } from '../base/time-flags.ts'
import { LabCommand } from '../base.ts'

const HOUR_MS = 3_600_000

export class QueryLoki extends LabCommand {
  static override summary = 'Ask Loki in LogQL'
  static override description =
    'Lines of the last hour unless the window is given, oldest first. Exit code 1 when nothing is found or the query is refused.'
  static override examples = [
    `<%= config.bin %> <%= command.id %> '{service_name="neuro-preprocess"}'`,
    `<%= config.bin %> <%= command.id %> '{service_name="neuro-preprocess"} | json | level="ERROR"' --since 5m`,
    `<%= config.bin %> <%= command.id %> 'sum by (level) (count_over_time({service_name=~".+"}[1m]))' --instant`,
  ]
  static override enableJsonFlag = true
  static override args = { query: Args.string({ required: true, description: 'LogQL' }) }
  static override flags = {
    ...windowFlags,
    limit: Flags.integer({ description: 'at most so many lines, the newest', default: 100, min: 1 }),
    step: Flags.string({ description: 'time between the points of a metric query' }),
    instant: Flags.boolean({ description: 'a metric query at the end of the window only' }),
  }

  async run() {
    const { args, flags } = await this.parse(QueryLoki)
    const signal = this.interruptSignal()
    const now = Date.now()
    const window = windowOf(flags, HOUR_MS, now)
    const step = flags.step === undefined ? {} : { step: spanOf(flags.step, '--step') / 1000 }
    const [{ openLabBackends }, { lokiRange, readLogResult }, metrics, { renderStreams }, why, meant] =
      await Promise.all([
        import('../../lab/open-backends.ts'),
        import('../../backends/loki.ts'),
        import('./metric-view.ts'),
        import('./log-view.ts'),
        import('../../diagnosis/why-empty.ts'),
        import('../../diagnosis/meant.ts'),
      ])
    const { loki } = (await openLabBackends()).backends
    const { limit } = flags
    const { start, end } = lokiRange(window)
    const ask = () =>
      flags.instant
        ? loki.raw('query', args.query, { time: end, limit }, { signal })
        : loki.raw('query_range', args.query, { start, end, limit, ...step }, { signal })
    const answer = await meant.withMeant(ask, () => meant.meantOfLoki(loki, args.query, { window, signal }), 'loki')
    const result = readLogResult(answer.data)
    const empty = result.type === 'streams' ? result.streams.length === 0 : metrics.isEmpty(result)
    if (empty) {
      this.endWith(EXIT.failed)
      if (!this.jsonEnabled()) this.log(await why.whyNoLines(loki, args.query, { window, signal }))
    } else {
      this.log(result.type === 'streams' ? renderStreams(result.streams, now) : metrics.renderMetric(result))
    }
    const lines = result.type === 'streams' ? result.streams.reduce((sum, { entries }) => sum + entries.length, 0) : 0
    if (lines === limit) this.log(`There may be more: these are the newest ${limit}. → --limit ${limit * 10}`)
    return answer
  }
}
