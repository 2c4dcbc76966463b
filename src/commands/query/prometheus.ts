import { Args, Flags } from '@oclif/core'
import type { PrometheusClient } from '../../backends/prometheus.ts'
import { EXIT } from '../../errors.ts'
import { spanOf, windowFlags, windowOf } from '../base/time-flags.ts'
import { LabCommand } from '../base.ts'

const HOUR_MS = 3_600_000
const POINTS = 120

export class QueryPrometheus extends LabCommand {
  static override summary = 'Ask Prometheus in PromQL'
  static override description =
    'The value now, or at --end; with --since, --start or --step, its course. Exit code 1 when nothing is found or the query is refused.'
  static override examples = [
    "<%= config.bin %> <%= command.id %> 'neuro_files_processed_total'",
    "<%= config.bin %> <%= command.id %> 'sum by (status) (rate(neuro_files_processed_total[1m]))' --since 15m",
    "<%= config.bin %> <%= command.id %> 'neuro_files_failed_total' --exemplars",
    "<%= config.bin %> <%= command.id %> 'up' --json",
  ]
  static override enableJsonFlag = true
  static override args = { query: Args.string({ required: true, description: 'PromQL' }) }
  static override flags = {
    ...windowFlags,
    step: Flags.string({ description: 'time between the points of a course; by default 120 points' }),
    exemplars: Flags.boolean({
      description: 'the examples that the series carry, and the traces that they name',
      exclusive: ['instant', 'step'],
    }),
    instant: Flags.boolean({ description: 'one value at the end of the window, however it is given' }),
  }

  async run() {
    const { args, flags } = await this.parse(QueryPrometheus)
    const { query } = args
    const signal = this.interruptSignal()
    const now = Date.now()
    const window = windowOf(flags, HOUR_MS, now)
    const ranged = !flags.instant && [flags.since, flags.start, flags.step].some((flag) => flag !== undefined)
    const step =
      flags.step === undefined
        ? Math.max(1_000, Math.ceil((window.end - window.start) / POINTS / 1_000) * 1_000)
        : spanOf(flags.step, '--step')
    const params = ranged
      ? { start: window.start / 1000, end: window.end / 1000, step: step / 1000 }
      : { time: window.end / 1000 }
    const [{ openLabBackends }, { isEmpty, renderMetric }, { readResult }, { whyNoSeries }, meant] = await Promise.all([
      import('../../lab/open-backends.ts'),
      import('./metric-view.ts'),
      import('../../backends/prom-values.ts'),
      import('../../diagnosis/why-empty.ts'),
      import('../../diagnosis/meant.ts'),
    ])
    const { backends } = await openLabBackends()
    if (flags.exemplars) return this.#exemplars(backends.prometheus, query, window, signal, now)
    const answer = await meant.withMeant(
      () => backends.prometheus.raw(ranged ? 'query_range' : 'query', query, params, { signal }),
      (refused) => meant.meantOfPrometheus(backends.prometheus, query, { window, signal }, refused),
      'prometheus',
    )
    const result = readResult(answer.data)
    if (isEmpty(result)) {
      this.endWith(EXIT.failed)
      if (!this.jsonEnabled()) this.log(await whyNoSeries(backends.prometheus, query, { window, ranged, signal }))
    } else {
      this.log(renderMetric(result))
    }
    for (const note of [...(answer.warnings ?? []), ...(answer.infos ?? [])]) this.logToStderr(`! ${note}`)
    return answer
  }

  /** From a number to one example of what it counted; without --since those of the last hour. */
  async #exemplars(
    prometheus: PrometheusClient,
    query: string,
    window: { start: number; end: number },
    signal: AbortSignal,
    now: number,
  ) {
    const [found, { newestTrace, renderExemplars }, { whyNoExemplars }] = await Promise.all([
      prometheus.exemplars(query, window, { signal }),
      import('./exemplar-view.ts'),
      import('../../diagnosis/why-empty.ts'),
    ])
    if (found.length === 0) {
      this.endWith(EXIT.failed)
      if (!this.jsonEnabled()) this.log(await whyNoExemplars(prometheus, query, { window, signal }))
      return { data: found }
    }
    this.log(renderExemplars(found, now))
    const trace = newestTrace(found)
    if (trace !== undefined) this.log(`\n→ otel-lab trace ${trace}`)
    return { data: found }
  }
}
