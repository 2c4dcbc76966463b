import { setTimeout as sleep } from 'node:timers/promises'
import { testLab } from '../support/lab.ts'
import { ask, type Target, type Urls } from './ask.ts'
import { CHECKS, type Truth } from './checks.ts'

/** A scrape comes every 15 s, the generator of Tempo writes every 5, and machines are slow. */
const DEADLINE_MS = 180_000
const SIGNALS = { spans: 'otlp_grpc/tempo', metric_points: 'prometheus', log_records: 'otlp_http/loki' }

interface Tried {
  panel: string
  refId: string
  problem?: string
}

interface Panel {
  title: string
  type: string
  targets?: Target[]
  panels?: Panel[]
}

/**
 * Puts every query of a dashboard to an embedded lab in which `run normal` and `run stress` have just run, and holds the
 * answers to what these runs did. What only has not come yet is asked again.
 */
export async function tryDashboard(dashboard: unknown): Promise<Tried[]> {
  const lab = await testLab()
  const command = async (...args: string[]) => {
    const { code, stdout, stderr } = await lab.run(args)
    if (code !== 0 && args[0] !== 'run') throw new Error(`otel-lab ${args.join(' ')}: ${stderr}`)
    return stdout
  }
  try {
    await command('up', '--engine', 'embedded', '--port-offset', String(lab.offset))
    const runs = [await command('run', 'normal', '--json'), await command('run', 'stress', '--json')]
    const { endpoints } = JSON.parse(await command('status', '--json')) as { endpoints: Urls }
    const files = runs.map(filesOf)
    const known = { files: add(files, 'all'), failed: add(files, 'failed'), exporters: SIGNALS }
    const deadline = Date.now() + DEADLINE_MS
    while (true) {
      const truth = { ...known, accepted: await accepted(endpoints) }
      const tried = await tryAll(dashboard as Panel, endpoints, truth)
      if (tried.every(({ problem }) => problem === undefined) || Date.now() > deadline) return tried
      await sleep(2_000)
    }
  } finally {
    await lab.close()
  }
}

const add = (files: { all: number; failed: number }[], key: 'all' | 'failed') =>
  files.reduce((total, one) => total + one[key], 0)

/** What the program itself says at its end. */
function filesOf(json: string): { all: number; failed: number } {
  const [, done, all] = /(\d+) of (\d+) scans processed/.exec(json) ?? []
  if (all === undefined) throw new Error(`a run that says nothing of its files: ${json.slice(-500)}`)
  return { all: Number(all), failed: Number(all) - Number(done) }
}

/** The collector's counters as they are, which began at nothing with this lab. */
async function accepted(urls: Urls): Promise<Truth['accepted']> {
  const found: Truth['accepted'] = {}
  for (const signal of Object.keys(SIGNALS)) {
    const expr = `sum({__name__=~"otelcol_receiver_accepted_${signal}(_total)?"})`
    const { series } = await ask(
      urls,
      { refId: 'A', datasource: { type: 'prometheus' }, expr, instant: true },
      Date.now(),
    )
    found[signal] = series[0]?.values[0] ?? Number.NaN
  }
  return found
}

async function tryAll(dashboard: Panel, urls: Urls, truth: Truth): Promise<Tried[]> {
  const panels = (dashboard.panels ?? []).flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]))
  return Promise.all(
    panels.flatMap(({ title, targets = [] }) =>
      targets.map(async (target) => {
        const check = CHECKS[title]?.[target.refId]
        const problem = check ? check(await ask(urls, target, Date.now()), truth) : 'nobody knows what it should show'
        return { panel: title, refId: target.refId, ...(problem === undefined ? {} : { problem }) }
      }),
    ),
  )
}
