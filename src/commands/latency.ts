import { Flags } from '@oclif/core'
import { EXIT, LabError } from '../errors.ts'
import { spanOf } from './base/time-flags.ts'
import { LabCommand } from './base.ts'

export class Latency extends LabCommand {
  static override summary = 'Measure how long telemetry takes until it can be queried, and where the time goes'
  static override description = [
    'Runs the program several times and asks the backends for what it sends, from the end of a span (the time of a log record, the recording of a metric) until it is in an answer: a trace by its id, by a search and in TraceQL metrics, lines by a query and by a live tail, metrics and their exemplars. Each hop on the way is told with how it is known, beside what the configs in force predict.',
    'After -- comes a program of your own. With --tap no program is needed: marked spans, log lines and measurements are sent.',
    '--set tries a setting on the running lab: it is measured before and with it, the difference is tested, and the old config is put back, also after Ctrl-C or a kill. --sweep does so for several values. Both send probes unless a program is named.',
    '--watch sends a probe every few seconds through all doors, for as long as it runs; its figures are on /metrics with --port, and as OTLP with --otlp, as otel_lab_visibility_seconds.',
    'What is known to be lost is not waited for: its hop and the mend are told, with exit code 1, or 4 where the lab itself is broken. Exit code 3 when something had not come by the deadline. The figures are of what came.',
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --tap --runs 40',
    '<%= config.bin %> <%= command.id %> --runs 3 -- python app.py',
    '<%= config.bin %> <%= command.id %> --tap --html latency.html',
    '<%= config.bin %> <%= command.id %> --tap --csv > samples.csv',
    '<%= config.bin %> <%= command.id %> --set batch.timeout=200ms --set scrape_interval=1s',
    "<%= config.bin %> <%= command.id %> --watch --every 10s --slo 'p95<5s' --port 9464",
    '<%= config.bin %> <%= command.id %> --sweep batch.timeout=100ms,500ms,1s,5s',
  ]
  static override usage = '<%= command.id %> [options] [-- COMMAND...]'
  static override strict = false
  static override enableJsonFlag = true
  static override flags = {
    runs: Flags.integer({
      description: 'how often the program is run; with --tap, how many probes: 5, 20',
      min: 1,
      max: 1_000,
    }),
    warmup: Flags.integer({ description: 'runs before those that count', default: 1, min: 0, max: 10 }),
    deadline: Flags.string({ description: 'how long to wait after each run', default: '60s' }),
    tap: Flags.boolean({ description: 'send marked telemetry instead of running a program' }),
    set: Flags.string({
      description: 'what if: SETTING=VALUE, such as batch.timeout=200ms',
      multiple: true,
      multipleNonGreedy: true,
      exclusive: ['sweep', 'html', 'csv'],
    }),
    sweep: Flags.string({
      description: 'SETTING=VALUE,VALUE,...: the curve over them',
      exclusive: ['set', 'html', 'csv'],
    }),
    watch: Flags.boolean({
      description: 'send probes for as long as it runs',
      exclusive: ['runs', 'set', 'sweep', 'html', 'csv'],
    }),
    every: Flags.string({ description: 'with --watch: how often; 5s unless said', dependsOn: ['watch'] }),
    for: Flags.string({ description: 'with --watch: how long; until Ctrl-C unless said', dependsOn: ['watch'] }),
    slo: Flags.string({
      description: "with --watch: ends with exit code 1 when it is broken, such as 'p95<5s' or 'logs:p99<2s'",
      multiple: true,
      multipleNonGreedy: true,
      dependsOn: ['watch'],
    }),
    'keep-going': Flags.boolean({ description: 'with --slo: go on though it is broken', dependsOn: ['slo'] }),
    port: Flags.integer({
      description: 'with --watch: of its /metrics page on 127.0.0.1',
      min: 0,
      max: 65_535,
      dependsOn: ['watch'],
    }),
    otlp: Flags.boolean({ description: 'with --watch: send its figures to the collector too', dependsOn: ['watch'] }),
    html: Flags.string({ description: 'write a page with all figures to this file', helpValue: 'FILE' }),
    csv: Flags.boolean({
      description: 'print every sample as comma-separated values, and nothing else',
      exclusive: ['json'],
    }),
  }

  async run() {
    const dashes = this.argv.indexOf('--')
    // Before parse, which keeps only what it was given.
    const own = dashes === -1 ? undefined : this.argv.slice(dashes + 1)
    const { argv, flags } = await this.parse(Latency, dashes === -1 ? this.argv : this.argv.slice(0, dashes))
    if (argv.length > 0 || own?.length === 0) {
      this.error('A program of yours comes after two dashes: -- python app.py', { exit: EXIT.usage })
    }
    if (flags.tap && own) this.error('--tap sends telemetry itself: it runs no program', { exit: EXIT.usage })
    const deadlineMs = spanOf(flags.deadline, '--deadline')
    const signal = this.interruptSignal()
    const [{ openLabBackends }, latency, { measuredLab, programEnv, programMaker }, view, progress] = await Promise.all(
      [
        import('../lab/open-backends.ts'),
        import('../latency.ts'),
        import('../lab/measured-lab.ts'),
        import('./latency/view.ts'),
        import('./latency/progress.ts'),
      ],
    )
    const found = await openLabBackends()
    const opened = { ...found, signal, env: await programEnv(found) }
    const tries = flags.set !== undefined || flags.sweep !== undefined
    const byProbes = flags.tap || (tries && own === undefined)
    const maker = async (env: Record<string, string> = {}) =>
      byProbes ? ({ kind: 'probes' } as const) : programMaker(opened, own, {}, env)
    const runs = flags.runs ?? (byProbes ? 20 : 5)
    const shown = flags.csv ? () => {} : (line: string) => this.log(line)
    const [program, probes] = [progress.progressOf(runs, shown), progress.probeProgress(runs)]
    const how = { runs, warmup: flags.warmup, deadlineMs, onEvent: program.onEvent, onProbe: probes.onProbe }
    const end = () => {
      program.end()
      probes.end()
    }
    const lab = measuredLab(opened)
    if (flags.watch) {
      const { watchScreen, renderWatch } = await import('./latency/watch-view.ts')
      const last = await latency.watchLatency(lab, {
        everyMs: spanOf(flags.every ?? '5s', '--every'),
        deadlineMs,
        forMs: flags.for === undefined ? undefined : spanOf(flags.for, '--for'),
        slos: (flags.slo ?? []).map(latency.sloOf),
        keepGoing: flags['keep-going'],
        port: flags.port,
        otlp: flags.otlp,
        onView: watchScreen((text) => this.log(text), this.jsonEnabled()),
        onListen: (url) => this.logToStderr(`Its figures: ${url}`),
      })
      if (!process.stdout.isTTY) this.log(renderWatch(last))
      if (last.breaches.length > 0) this.endWith(EXIT.failed)
      return last
    }
    if (tries) {
      const { trySettings, trySweep } = await import('./latency/try-settings.ts')
      const say = (text: string) => {
        end()
        this.log(text)
      }
      const options = { ...opened, lab, maker, how, hasProgram: !byProbes, say }
      const tried = await (flags.set ? trySettings(flags.set, options) : trySweep(flags.sweep!, options)).finally(end)
      if (!tried.complete) this.endWith(EXIT.slow)
      this.log(tried.text)
      return tried.json
    }
    const measured = await latency.measure(lab, { ...how, maker: await maker() }).finally(end)
    await latency.rememberLatency(latencyPath(opened.workspace), measured.figures)
    if (!measured.complete) this.endWith(latency.exitOf(measured))
    if (flags.html !== undefined) {
      const [{ writeFile }, { measurementPage }] = await Promise.all([
        import('node:fs/promises'),
        import('./latency/page.ts'),
      ])
      await writeFile(flags.html, await measurementPage(measured)).catch((error: Error) => {
        throw new LabError('not-written', `the page cannot be written to ${flags.html}: ${error.message}`)
      })
      this.logToStderr(`The page is in ${flags.html}`)
    }
    if (flags.csv) {
      process.stdout.write(latency.samplesCsv(measured))
      return undefined
    }
    this.log(view.renderMeasurement(measured, { deadlineMs }))
    return latency.measurementJson(measured)
  }
}

const latencyPath = (workspace: { statePath(...parts: string[]): string }) => workspace.statePath('latency.json')
