// How much the lab takes in and how soon it answers: npm run bench -- load [--sizes 10000,100000,1000000]
// For each size a new lab; that many spans, log lines and samples over OTLP/gRPC into the collector, until the three
// stores have them; then the queries of the exercises, 20 times each. Memory is the whole lab's, resident.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createOtlpGrpcClient } from '../../src/embedded/otlp-grpc.ts'
import { logsRequests, type Request, samplesRequests, spansRequests } from './load/requests.ts'

const BIN = resolve('dist/otel-lab.js')
const { values } = parseArgs({ options: { sizes: { type: 'string', default: '10000,100000' } } })
const SENDERS = 4
const ROUNDS = 20

const thousand = (n: number) => n.toLocaleString('en')
const column = (cells: string[]) => console.log(cells.map((c, i) => c.padEnd(i === 0 ? 44 : 16)).join(''))

for (const size of values.sizes.split(',').map(Number)) {
  const cwd = mkdtempSync(join(tmpdir(), 'otel-lab-load-'))
  const offset = 20_000 + Math.floor(Math.random() * 20_000)
  const env = { ...process.env, OTEL_LAB_DIR: '' }
  const lab = (args: string[]) => spawnSync(process.execPath, [BIN, ...args], { cwd, env, encoding: 'utf8' })
  try {
    const up = lab(['up', '--json', '--port-offset', String(offset)])
    if (up.status !== 0) throw new Error(up.stdout + up.stderr)
    const { pid } = JSON.parse(readFileSync(join(cwd, '.otel-lab/run/embedded.json'), 'utf8'))
    const port = (usual: number) => `http://127.0.0.1:${usual + offset}`
    const peak = watchMemory(pid)
    column([`\n${thousand(size)} of each`, 'sent in', 'a second', 'there after'])
    const since = Math.floor(Date.now() / 1000) - 60
    const window = () => `start=${since}&end=${Math.ceil(Date.now() / 1000) + 1}`
    // biome-ignore lint/suspicious/noExplicitAny: three backends' answers, of which a field or two is read
    const json = async (url: string): Promise<any> => {
      const answer = await fetch(url)
      if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
      return answer.json()
    }

    await taken('spans', spansRequests(size), async () => {
      const q = encodeURIComponent('{ } | count_over_time()')
      const { series } = await json(`${port(3200)}/api/metrics/query_range?q=${q}&${window()}&step=30s`)
      return (series[0]?.samples ?? []).reduce((sum: number, s: { value?: number }) => sum + (s.value ?? 0), 0)
    })
    await taken('log lines', logsRequests(size), async () => {
      const q = encodeURIComponent('sum(count_over_time({service_name="load"}[1h]))')
      return Number((await json(`${port(3100)}/loki/api/v1/query?query=${q}`)).data.result[0]?.value[1] ?? 0)
    })
    // What the page shows of it is scraped; the samples taken in are the collector's.
    await taken('samples', samplesRequests(size), async () => {
      const text = await (await fetch(`${port(8888)}/metrics`)).text()
      return Number(/^otelcol_receiver_accepted_metric_points(?:_total)?\{[^}]*\} (\S+)/m.exec(text)?.[1] ?? 0)
    })

    column(['query', 'p50', 'p99'])
    const errorOne = encodeURIComponent('{ status = error && resource.service.name = "load" }')
    const byLevel = encodeURIComponent('{service_name="load"} | json | level="ERROR"')
    const oneTrace = encodeURIComponent(`{service_name="load"} | trace_id="${(7).toString(16).padStart(32, '0')}"`)
    const rate = encodeURIComponent('sum by (status) (rate(load_files_processed_total[5m]))')
    const queries: Record<string, string> = {
      'Tempo: trace by id': `${port(3200)}/api/traces/${(7).toString(16).padStart(32, '0')}`,
      'Tempo: { status = error && ... }': `${port(3200)}/api/search?q=${errorOne}&${window()}&limit=20`,
      'Tempo: { duration > 5s }': `${port(3200)}/api/search?q=${encodeURIComponent('{ duration > 5s }')}&${window()}`,
      'Loki: | json | level="ERROR"': `${port(3100)}/loki/api/v1/query_range?query=${byLevel}&${window()}&limit=100`,
      'Loki: | trace_id="..."': `${port(3100)}/loki/api/v1/query_range?query=${oneTrace}&${window()}&limit=100`,
      'Prometheus: sum by (rate())': `${port(9090)}/api/v1/query_range?query=${rate}&${window()}&step=15`,
    }
    for (const [name, url] of Object.entries(queries)) {
      const times: number[] = []
      for (let i = 0; i < ROUNDS; i++) {
        const began = performance.now()
        await json(url)
        times.push(performance.now() - began)
      }
      times.sort((a, b) => a - b)
      column([name, `${times[ROUNDS / 2]!.toFixed(1)} ms`, `${times.at(-1)!.toFixed(1)} ms`])
    }
    column(['memory of the lab, peak and now', `${peak().toFixed(0)} MiB`, `${residentMib(pid).toFixed(0)} MiB`])

    async function taken(what: string, requests: Iterable<Request>, count: () => Promise<number>) {
      const client = createOtlpGrpcClient('127.0.0.1', 4317 + offset, { gzip: false, timeoutMs: 60_000, headers: {} })
      const began = performance.now()
      let refused = 0
      const next = requests[Symbol.iterator]()
      const sender = async () => {
        for (let one = next.next(); !one.done; one = next.next()) {
          for (;;) {
            try {
              await client.export(one.value.signal, one.value.bytes)
              break
            } catch (error) {
              refused++
              if (refused > 1000) throw error
              await sleep(100)
            }
          }
        }
      }
      await Promise.all(Array.from({ length: SENDERS }, sender))
      const sent = (performance.now() - began) / 1000
      client.close()
      let seen = 0
      while (seen < size && performance.now() - began < 300_000) {
        seen = await count()
        if (seen < size) await sleep(250)
      }
      const there = seen >= size ? `${((performance.now() - began) / 1000).toFixed(1)} s` : `MISSING ${size - seen}`
      const note = refused > 0 ? `${refused} refusals, sent again` : ''
      column([what, `${sent.toFixed(1)} s`, thousand(Math.round(size / sent)), there, note])
      if (seen < size) process.exitCode = 1
    }
  } finally {
    lab(['down'])
    rmSync(cwd, { recursive: true, force: true })
  }
}

/** Resident memory of one process, in MiB. */
function residentMib(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

/** The largest that was seen; looks ten times a second until the process ends. */
function watchMemory(pid: number): () => number {
  let peak = 0
  const look = () => {
    try {
      peak = Math.max(peak, residentMib(pid))
    } catch {
      clearInterval(timer)
    }
  }
  const timer = setInterval(look, 100)
  timer.unref()
  return () => peak
}
