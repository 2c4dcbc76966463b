import { setTimeout as sleep } from 'node:timers/promises'
import { Args, Flags } from '@oclif/core'
import type { Engine } from '../engine.ts'
import { EXIT, LabError } from '../errors.ts'
import type { Workspace } from '../workspace.ts'
import { LabCommand } from './base.ts'
import type { Target } from './open/links.ts'

/** The page comes up just after the lab does. */
const WAIT_MS = 5_000

export class Open extends LabCommand {
  static override summary = "Open the lab's page: a run, a trace, an exercise, a query"
  static override description =
    'Prints the link, and opens a browser when it runs at a terminal. The embedded engine serves the page; with the others otel-lab page does. Grafana comes with the docker engine.'
  static override examples = [
    '<%= config.bin %> open',
    { description: 'A trace or a run by its id', command: '<%= config.bin %> open 4bf92f3577b34da6a3ce929d0e0e4736' },
    '<%= config.bin %> open exercise 1',
    { description: 'A query', command: "<%= config.bin %> open query prometheus 'rate(neuro_files_failed_total[1m])'" },
    { description: 'In Grafana', command: '<%= config.bin %> open --grafana exercise 3' },
  ]
  static override strict = false
  static override enableJsonFlag = true
  static override args = {
    what: Args.string({ description: 'a trace id, a run id, or: exercise N, query tempo|prometheus|loki QUERY' }),
  }
  static override flags = {
    print: Flags.boolean({ description: 'only print the link' }),
    grafana: Flags.boolean({ description: 'in Grafana, where the lab runs it' }),
  }

  async run() {
    const { argv, flags } = await this.parse(Open)
    const target = targetOf(argv as string[])
    const [{ findWorkspace }, { openEngine }] = await Promise.all([
      import('../workspace.ts'),
      import('../engine/choose.ts'),
    ])
    const workspace = await findWorkspace()
    const engine = await openEngine(workspace)
    if (target.runId !== undefined) await known(target.runId, workspace, engine)
    const { grafana } = await engine.endpoints()
    const url = flags.grafana
      ? await this.#inGrafana(grafana?.url, target, engine.kind)
      : await this.#onPage(workspace.statePath('run', 'page.json'), target, engine.kind, grafana !== undefined)
    this.log(url)
    const opened = !flags.print && !this.jsonEnabled() && process.stdout.isTTY === true
    if (opened) {
      const { openBrowser } = await import('./open/browser.ts')
      openBrowser(url)
    }
    return { url, opened }
  }

  async #onPage(file: string, target: Target, kind: string, hasGrafana: boolean): Promise<string> {
    const [{ readPageAddress }, { pageLink }] = await Promise.all([
      import('../page-server/address.ts'),
      import('./open/links.ts'),
    ])
    const deadline = Date.now() + (kind === 'embedded' ? WAIT_MS : 0)
    let page = await readPageAddress(file)
    while (page === undefined && Date.now() < deadline) {
      await sleep(50)
      page = await readPageAddress(file)
    }
    if (page) return page.url + pageLink(target)
    const inGrafana = hasGrafana ? '\nIn Grafana: otel-lab open --grafana' : ''
    throw new LabError('no-page', 'nobody serves the page of this lab now', {
      hint: `otel-lab page, in a terminal of its own${inGrafana}`,
    })
  }

  async #inGrafana(url: string | undefined, target: Target, kind: string): Promise<string> {
    const { grafanaLink } = await import('./open/grafana-links.ts')
    if (url) return url + grafanaLink(target)
    throw new LabError('no-grafana', `the ${kind} engine of this lab runs no Grafana`, {
      hint: 'Without it: otel-lab open\nWith it: otel-lab up --engine docker --grafana',
      exit: EXIT.failed,
    })
  }
}

/** Throws LabError `no-run` for a run that neither the lab nor its collector remembers. */
async function known(runId: string, workspace: Workspace, { kind, tap }: Engine): Promise<void> {
  const { readRuns } = await import('../workspace/runs.ts')
  const runs = await readRuns(workspace)
  // Programs that others start send to a stack that runs elsewhere.
  if (kind === 'external' || runs.some(({ id }) => id === runId)) return
  const seen = await tap?.passages({ runId, limit: 1 }).catch(() => [])
  if (seen?.length) return
  throw new LabError('no-run', `this lab knows no run ${runId}, and it is no trace id`, {
    hint: ['otel-lab open', ...runs.slice(0, 3).map(({ id, name }) => `otel-lab open ${id}   ${name}`)].join('\n'),
    exit: EXIT.usage,
  })
}

const BACKENDS = ['prometheus', 'tempo', 'loki'] as const

function targetOf(words: string[]): Target {
  const [what, first, ...rest] = words
  if (what === undefined) return {}
  if (what === 'exercise' && words.length === 2 && /^\d{1,2}$/.test(first ?? '')) return { exercise: Number(first) }
  const backend = BACKENDS.find((one) => one === first)
  if (what === 'query' && backend && rest.length > 0) return { query: { backend, text: rest.join(' ') } }
  // Search results leave out leading zeros.
  if (words.length === 1 && /^[0-9a-f]{16,32}$/i.test(what)) return { traceId: what.toLowerCase().padStart(32, '0') }
  if (words.length === 1 && /^[A-Za-z0-9._-]{1,64}$/.test(what) && !['query', 'exercise'].includes(what)) {
    return { runId: what }
  }
  throw new LabError('usage', `${words.join(' ')} is no trace id, run id, exercise or query`, {
    hint: 'otel-lab open TRACE_ID\nor: otel-lab open RUN_ID\nor: otel-lab open exercise 1\nor: otel-lab open query loki \'{service_name=~".+"}\'',
    exit: EXIT.usage,
  })
}
