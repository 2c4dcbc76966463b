import { Args, Flags } from '@oclif/core'
import { EXIT, LabError } from '../errors.ts'
import { LabCommand } from './base.ts'

export class Open extends LabCommand {
  static override summary = 'Open Grafana: the dashboard, a trace, or what an exercise is about'
  static override description =
    'Prints the link, and opens a browser when it runs at a terminal. Grafana comes with the docker engine.'
  static override examples = [
    '<%= config.bin %> open',
    { description: 'A trace by its id', command: '<%= config.bin %> open 4bf92f3577b34da6a3ce929d0e0e4736' },
    '<%= config.bin %> open exercise 1',
  ]
  static override enableJsonFlag = true
  static override args = {
    what: Args.string({ description: 'a trace id, or the word exercise' }),
    number: Args.string({ description: 'which exercise' }),
  }
  static override flags = { print: Flags.boolean({ description: 'only print the link' }) }

  async run() {
    const { args, flags } = await this.parse(Open)
    const { linkFor } = await import('./open/links.ts')
    const target = targetOf(args.what, args.number)
    const [{ findWorkspace }, { openEngine }] = await Promise.all([
      import('../workspace.ts'),
      import('../engine/choose.ts'),
    ])
    const engine = await openEngine(await findWorkspace())
    const { grafana } = await engine.endpoints()
    if (!grafana) {
      const instead = target.traceId ? `otel-lab query tempo ${target.traceId}` : 'otel-lab status'
      throw new LabError('no-grafana', `the ${engine.kind} engine of this lab runs no Grafana`, {
        hint: `otel-lab up --engine docker --grafana\nHere: ${instead}`,
        exit: EXIT.failed,
      })
    }
    const url = grafana.url + linkFor(target)
    this.log(url)
    const opened = !flags.print && !this.jsonEnabled() && process.stdout.isTTY === true
    if (opened) {
      const { openBrowser } = await import('./open/browser.ts')
      openBrowser(url)
    }
    return { url, opened }
  }
}

function targetOf(what: string | undefined, number: string | undefined): { traceId?: string; exercise?: number } {
  if (what === undefined) return {}
  if (what === 'exercise' && number !== undefined && /^\d{1,2}$/.test(number)) return { exercise: Number(number) }
  // Search results leave out leading zeros.
  if (number === undefined && /^[0-9a-f]{16,32}$/i.test(what)) return { traceId: what.toLowerCase().padStart(32, '0') }
  throw new LabError('usage', `${[what, number].filter(Boolean).join(' ')} is neither a trace id nor an exercise`, {
    hint: 'otel-lab open TRACE_ID\nor: otel-lab open exercise 1',
    exit: EXIT.usage,
  })
}
