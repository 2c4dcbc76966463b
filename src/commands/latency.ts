import { Flags } from '@oclif/core'
import { EXIT } from '../errors.ts'
import { spanOf } from './base/time-flags.ts'
import { LabCommand } from './base.ts'

export class Latency extends LabCommand {
  static override summary = 'Measure how long telemetry takes until it can be queried'
  static override description = [
    'Runs the program several times and asks the backends for what it sends, from the end of a span (the time of a log record, the recording of a metric) until it is in an answer: a trace by its id and by a search in Tempo, lines in Loki, metrics in Prometheus.',
    'After -- comes a program of your own. Exit code 3 when something had not come by the deadline; the figures are of what came.',
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --runs 20 --json',
    '<%= config.bin %> <%= command.id %> --runs 3 -- python app.py',
  ]
  static override strict = false
  static override enableJsonFlag = true
  static override flags = {
    runs: Flags.integer({ description: 'how often the program is run', default: 5, min: 1, max: 1_000 }),
    deadline: Flags.string({ description: 'how long to wait after each run', default: '60s' }),
  }

  async run() {
    const dashes = this.argv.indexOf('--')
    // Before parse, which keeps only what it was given.
    const own = dashes === -1 ? undefined : this.argv.slice(dashes + 1)
    const { argv, flags } = await this.parse(Latency, dashes === -1 ? this.argv : this.argv.slice(0, dashes))
    if (argv.length > 0 || own?.length === 0) {
      this.error('A program of yours comes after two dashes: -- python app.py', { exit: EXIT.usage })
    }
    const deadlineMs = spanOf(flags.deadline, '--deadline')
    const signal = this.interruptSignal()
    const [{ openLabBackends }, latency, { demoCommand, newRunId, startWorkload }, view, { readIntervals }] =
      await Promise.all([
        import('./base/open-backends.ts'),
        import('../latency.ts'),
        import('../workload.ts'),
        import('./latency/view.ts'),
        import('./latency/intervals.ts'),
      ])
    const { workspace, engine, endpoints, backends } = await openLabBackends()
    const command = own ?? (await demoCommand(workspace, 'normal', { signal }))
    const intervals = await readIntervals({ workspace, backends, own: own === undefined, env: process.env })
    const progress = view.progressOf(flags.runs, (line) => this.log(line))
    const result = await latency
      .probe({
        backends,
        newRunId,
        runs: flags.runs,
        deadlineMs,
        signal,
        onEvent: progress.onEvent,
        run: (runId, onLine) => startWorkload({ command, endpoints, runId, signal, onLine }),
      })
      .finally(progress.end)
    const figures = latency.figuresOf(result)
    await latency.rememberLatency(latencyPath(workspace), figures)
    this.log(view.renderFigures({ figures, result, intervals, engine: engine.kind, deadlineMs }))
    const complete = result.runs.every((run) => run.complete)
    if (!complete) this.endWith(EXIT.slow)
    return {
      runs: result.runs,
      complete,
      engine: engine.kind,
      measures: Object.fromEntries(
        latency.MEASURES.map((measure) => [
          measure,
          {
            unit: 'ms',
            ...figures[measure],
            missingRuns: result.missing[measure],
            expected: latency.budgetOf(measure, intervals),
          },
        ]),
      ),
      metricsFrom: result.metricsFrom,
      lateIds: result.lateIds,
    }
  }
}

const latencyPath = (workspace: { statePath(...parts: string[]): string }) => workspace.statePath('latency.json')
