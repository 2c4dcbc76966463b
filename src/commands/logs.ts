import { Args, Flags } from '@oclif/core'
import { SERVICES, type ServiceName } from '../engine.ts'
import { EXIT, LabError } from '../errors.ts'
import { LabCommand } from './base.ts'

export class Logs extends LabCommand {
  static override summary = "Read the services' own logs, such as the collector's debug output"
  static override examples = [
    '<%= config.bin %> logs otel-collector -f',
    '<%= config.bin %> logs --tail 20',
    '<%= config.bin %> logs tempo loki --since 5m',
    { description: 'One JSON object a line', command: '<%= config.bin %> logs --json' },
  ]
  static override strict = false
  static override args = { service: Args.string({ description: `${SERVICES.join(', ')}; several, or none for all` }) }
  static override flags = {
    follow: Flags.boolean({ char: 'f', description: 'go on until Ctrl-C' }),
    tail: Flags.integer({ description: 'only so many of the newest lines of each service', min: 0 }),
    since: Flags.string({ description: 'only lines since then: 30s, 5m, 2h or a time such as 2026-01-31T12:00:00Z' }),
    json: Flags.boolean({ description: 'one JSON object a line' }),
  }

  async run() {
    const { argv, flags } = await this.parse(Logs)
    const services = argv as ServiceName[]
    const unknown = services.find((name) => !SERVICES.includes(name))
    if (unknown) {
      throw new LabError('no-such-service', `there is no service ${unknown}`, {
        hint: `Services: ${SERVICES.join(', ')}`,
        exit: EXIT.usage,
      })
    }
    const signal = this.interruptSignal()
    const [{ findWorkspace }, { openEngine }, { renderLogLine }] = await Promise.all([
      import('../workspace.ts'),
      import('../engine/choose.ts'),
      import('../ui/log-line.ts'),
    ])
    const engine = await openEngine(await findWorkspace())
    const here = (await engine.status()).services.map(({ name }) => name)
    const elsewhere = services.find((name) => !here.includes(name))
    if (elsewhere) {
      throw new LabError('no-such-service', `the ${engine.kind} engine of this lab runs no ${elsewhere}`, {
        hint: `otel-lab logs ${here[0] ?? ''}\nServices: ${here.join(', ')}`,
        exit: EXIT.usage,
      })
    }
    const since = flags.since === undefined ? undefined : await sinceOf(flags.since, Date.now())
    const lines = engine.logs({
      services,
      follow: flags.follow,
      signal,
      ...(flags.tail === undefined ? {} : { tail: flags.tail }),
      ...(since ? { since } : {}),
    })
    const several = services.length !== 1
    for await (const line of lines) {
      this.verbatim(flags.json ? JSON.stringify(line) : renderLogLine(line, { several }))
    }
    if (signal.aborted) this.endWith(EXIT.interrupted)
  }
}

/** A span of time before `now`, or a moment. */
async function sinceOf(text: string, now: number): Promise<Date> {
  const { parseDuration } = await import('../util/duration.ts')
  const ms = parseDuration(text)
  if (ms !== undefined) return new Date(now - ms)
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time
  throw new LabError('bad-time', `--since ${text} is neither a span such as 5m nor a time`, {
    hint: 'otel-lab logs --since 5m',
    exit: EXIT.usage,
  })
}
