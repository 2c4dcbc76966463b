import { Args, Flags } from '@oclif/core'
import { EXIT, LabError } from '../errors.ts'
import { spanOf } from './base/time-flags.ts'
import { LabCommand } from './base.ts'

/** After its end. Later somebody looks for something else. */
const ON_ITS_WAY_MS = 30_000

export class Trace extends LabCommand {
  static override summary = 'Show a trace as a waterfall, what failed in it, and its logs'
  static override description =
    'By its id as any tool prints it: in upper case, without leading zeros, or a whole traceparent. Exit code 3 when it cannot be found yet.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4bf92f3577b34da6a3ce929d0e0e4736',
    '<%= config.bin %> <%= command.id %> latest',
    '<%= config.bin %> <%= command.id %> --run r3lmzqtn0mc --json',
  ]
  static override enableJsonFlag = true
  static override args = { id: Args.string({ description: 'trace id, traceparent, or latest' }) }
  static override flags = {
    run: Flags.string({ description: 'every trace of this run', exclusive: ['id'] }),
    wait: Flags.string({ description: 'how long to wait for it to become visible and whole', default: '5s' }),
    attributes: Flags.boolean({ char: 'a', description: "each span's attributes and events too" }),
  }

  async run() {
    const { args, flags } = await this.parse(Trace)
    if ((args.id === undefined) === (flags.run === undefined)) {
      const hint = 'otel-lab trace latest'
      throw new LabError('usage', 'name one trace, or a run with --run', { hint, exit: EXIT.usage })
    }
    const signal = this.interruptSignal()
    const waitMs = flags.wait === '0' ? 0 : spanOf(flags.wait, '--wait')
    const [{ openLabBackends }, { findTraces, isNewer }, { logsOf }, { renderTrace }, { traceToJson }, { lateRun }] =
      await Promise.all([
        import('../lab/open-backends.ts'),
        import('../lab/find-traces.ts'),
        import('../lab/trace-logs.ts'),
        import('./trace/view.ts'),
        import('./trace/json.ts'),
        import('../workspace/runs.ts'),
      ])
    const { workspace, backends } = await openLabBackends()
    // Who has just run something means that, and not what was the newest before it.
    const run = args.id === 'latest' ? await lateRun(workspace, Date.now(), ON_ITS_WAY_MS) : undefined
    const traces = await findTraces(backends, { ...args, ...flags, since: run?.startedAt, waitMs, signal })
    if (run && !isNewer(traces, run.startedAt)) {
      this.log(`Nothing of the last run, ${run.id}, is here yet; this is an older one. → otel-lab doctor ${run.id}\n`)
    }
    const shown = await Promise.all(
      traces.map(async (trace) => ({ trace, logs: await logsOf(backends.loki, trace, { waitMs, signal }) })),
    )
    for (const [i, { trace, logs }] of shown.entries()) {
      if (i > 0) this.log('')
      this.log(renderTrace(trace, logs, { attributes: flags.attributes }))
    }
    return { traces: shown.map(({ trace, logs }) => traceToJson(trace, logs)) }
  }
}
