import { Args, Flags } from '@oclif/core'
import { EXIT, LabError } from '../errors.ts'
import { LabCommand } from './base.ts'

const KINDS = ['normal', 'stress', 'slow'] as const
/** Of what the program says, for a later question of where its telemetry died. */
const KEPT_LINES = 50

export class Run extends LabCommand {
  static override summary = 'Run a program under observation: the demo, or any command of yours'
  static override description = [
    'normal processes healthy scans, stress a mix in which some are broken, slow one that takes far longer.',
    'After -- comes any command in any language that has an OpenTelemetry SDK: it gets OTEL_EXPORTER_OTLP_ENDPOINT and the like, and everything that it sends is marked with a run id. What you have set yourself stays.',
    "The exit code is the program's.",
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> run',
    '<%= config.bin %> run stress',
    '<%= config.bin %> run -- python app.py',
    '<%= config.bin %> run --json -- opentelemetry-instrument python app.py',
  ]
  static override usage = '<%= command.id %> [normal|stress|slow] [options] [-- COMMAND...]'
  static override strict = false
  static override enableJsonFlag = true
  static override args = { demo: Args.string({ description: `${KINDS.join(', ')}; normal when left out` }) }
  static override flags = {
    seed: Flags.integer({ description: 'which scans break in stress, and how', default: 1, min: 0 }),
    raw: Flags.boolean({ description: 'print what the demo says as it says it, instead of a line for each scan' }),
    'run-id': Flags.string({ description: 'mark the telemetry with this id instead of a new one' }),
  }

  async run() {
    // Everything after -- belongs to the program, flags such as --help too.
    const dashes = this.argv.indexOf('--')
    // Before parse, which keeps only what it was given.
    const own = dashes === -1 ? undefined : this.argv.slice(dashes + 1)
    const { argv, flags } = await this.parse(Run, dashes === -1 ? this.argv : this.argv.slice(0, dashes))
    const kind = demoOf(argv as string[], own)
    const runId = runIdOf(flags['run-id'])
    const signal = this.interruptSignal()
    const [
      { findWorkspace, readAppEnv },
      { openEngine },
      { demoCommand, newRunId, startWorkload, typedCommand },
      { recorded },
      { countedBefore },
      view,
    ] = await Promise.all([
      import('../workspace.ts'),
      import('../engine/choose.ts'),
      import('../workload.ts'),
      import('../workspace/runs.ts'),
      import('../lab/counted-before.ts'),
      import('./run/view.ts'),
    ])
    const workspace = await findWorkspace()
    const engine = await openEngine(workspace)
    const endpoints = await engine.endpoints()
    const [counted, appEnv, command] = await Promise.all([
      countedBefore(engine, endpoints),
      readAppEnv(workspace.appEnvPath),
      own ? typedCommand(own as [string, ...string[]]) : demoCommand(workspace, kind, { seed: flags.seed, signal }),
    ])
    const lines: { stream: string; text: string }[] = []
    const output: string[] = []
    const onLine = (text: string, stream: string) => {
      output.push(text)
      if (output.length > KEPT_LINES) output.shift()
      if (this.jsonEnabled()) lines.push({ stream, text })
      else {
        const shown = view.renderScan(text) ?? (text.startsWith('{') ? undefined : text)
        if (shown !== undefined) this.log(shown)
      }
    }
    const isShown = this.jsonEnabled() || (own === undefined && !flags.raw)
    const id = runId ?? newRunId()
    const name = own ? own.join(' ') : `run ${kind}`
    const env = { ...appEnv, ...process.env }
    const result = await recorded(workspace, { id, name, env, output, ...counted }, () =>
      startWorkload({
        command,
        endpoints,
        env,
        signal,
        runId: id,
        ...(isShown ? { onLine } : {}),
      }),
    )
    const { startedAt, endedAt, exitCode } = result
    this.endWith(signal.aborted ? EXIT.interrupted : result.exitCode)
    const queries = view.queriesFor(result.runId, own === undefined)
    this.log(`\nRun ${result.runId}, exit code ${result.exitCode}. Its telemetry:`)
    for (const [backend, query] of Object.entries(queries)) this.log(`  → otel-lab query ${backend} '${query}'`)
    this.log(`Where is it, if it does not come?\n  → otel-lab doctor ${result.runId}`)
    return { runId: result.runId, command, exitCode, startedAt, endedAt, queries, output: lines }
  }
}

function demoOf(argv: string[], own: string[] | undefined): (typeof KINDS)[number] {
  const [kind = 'normal', ...rest] = argv
  if (own === undefined ? rest.length === 0 && isKind(kind) : argv.length === 0 && own.length > 0)
    return kind as 'normal'
  const message = own?.length === 0 ? 'nothing comes after --' : `${argv.join(' ')} is no demo`
  throw new LabError('usage', message, {
    hint: `otel-lab run ${KINDS.join('|')}\nA program of yours comes after two dashes: otel-lab run -- ${own?.[0] ?? argv[0] ?? 'python app.py'}`,
    exit: EXIT.usage,
  })
}

const isKind = (text: string): text is (typeof KINDS)[number] => KINDS.some((kind) => kind === text)

/** An id goes into queries and into OTEL_RESOURCE_ATTRIBUTES, where commas and quotes would break out. */
function runIdOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Za-z0-9._-]{1,64}$/.test(text)) return text
  throw new LabError('usage', `--run-id ${text} has other characters than letters, digits and . _ -`, {
    exit: EXIT.usage,
  })
}
