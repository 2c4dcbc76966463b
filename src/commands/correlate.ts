import { Args, Flags } from '@oclif/core'
import { EXIT } from '../errors.ts'
import { windowOf } from './base/time-flags.ts'
import { LabCommand } from './base.ts'

const STARTS = ['metric', 'trace', 'log'] as const
const WINDOW_MS = 15 * 60_000

export class Correlate extends LabCommand {
  static override summary = 'Walk from a metric to its trace, its span and its log lines'
  static override description = [
    'From what stands out in a metric to the exemplar, from that to the trace, to the span that failed or took the time, to the log lines of that trace; each step with its query, to try by hand. Where the chain breaks it says at which hop, why, and what mends it.',
    '--run slow makes the slow request of the lesson first and walks from it, among what that run sent; --run stress makes failures.',
    'Exit code 1 when the chain is broken.',
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --run slow',
    '<%= config.bin %> <%= command.id %> metric --failing --run stress',
    '<%= config.bin %> <%= command.id %> log',
  ]
  static override enableJsonFlag = true
  static override args = {
    start: Args.string({ description: 'where the walk begins; at a metric unless said', options: [...STARTS] }),
  }
  static override flags = {
    failing: Flags.boolean({ description: 'look for what fails rather than for what is slow' }),
    run: Flags.option({ description: 'run this demo first', options: ['slow', 'stress', 'normal'] as const })(),
    since: Flags.string({ description: 'how far back to look; 15m unless said' }),
  }

  async run() {
    const { args, flags } = await this.parse(Correlate)
    const signal = this.interruptSignal()
    const [{ openLabBackends }, { diagnosisPorts }, { correlate }, { renderChain }, { observedRun }] =
      await Promise.all([
        import('../lab/open-backends.ts'),
        import('../lab/diagnosis-ports.ts'),
        import('../journey.ts'),
        import('./journey/correlate-view.ts'),
        import('../lab/observed-run.ts'),
      ])
    const opened = await openLabBackends()
    let runId: string | undefined
    const failing = flags.failing || flags.run === 'stress'
    const began = Date.now()
    if (flags.run) {
      const { runDemoVisibly } = await import('../lab/run-demo.ts')
      runId = await runDemoVisibly(flags.run, { ...opened, signal, say: (text) => this.log(text) })
    }
    const window = flags.run ? { start: began - 1_000, end: Date.now() } : windowOf(flags, WINDOW_MS, Date.now())
    const ports = diagnosisPorts({ ...opened, env: process.env, signal })
    const chain = await correlate({
      ...{ backends: opened.backends, ports, window, signal },
      observed: (traceId) => observedRun({ workspace: opened.workspace, ports, window, runId }, traceId),
      ...(runId === undefined ? {} : { runId }),
      start: (args.start as (typeof STARTS)[number]) ?? 'metric',
      prefer: failing ? 'failing' : 'slow',
    })
    this.log(renderChain(chain))
    if (chain.broken) this.endWith(EXIT.failed)
    const { trace, span, ...rest } = chain
    return { ...rest, traceId: trace?.traceId, span: span && { name: span.name, spanId: span.spanId } }
  }
}
