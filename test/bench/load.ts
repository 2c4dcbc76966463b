// How much the lab takes in and how soon it answers: npm run bench -- load [--sizes 10000,100000,1000000]
// For each size a new lab; that many spans, log lines and samples over OTLP/gRPC into the collector, until a query
// finds all of them; then queries like those of the exercises, 20 times each. The baseline beside what is taken in is
// a bare gRPC server of this process that decodes the same requests and forgets them. Memory is the whole lab's,
// resident; processor time is the lab's too, for on a busy machine a second on the clock says little.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createInflate } from '../../src/embedded/compression.ts'
import { createOtlpGrpcClient } from '../../src/embedded/otlp-grpc.ts'
import { freePortOffset } from '../support/lab.ts'
import { bareReceiver } from './load/bare-receiver.ts'
import { cpuSeconds, residentMib, watchMemory } from './load/process.ts'
import { logsRequests, type Request, samplesRequests, spansRequests } from './load/requests.ts'

const BIN = resolve('dist/otel-lab.js')
const { values } = parseArgs({ options: { sizes: { type: 'string', default: '10000,100000' } } })
const SENDERS = 4
const ROUNDS = 20
/** What a query of the exercises may take at its slowest, and the lab at its largest (650 MB). */
const QUERY_MS = 250
const PEAK_MIB = 620

const thousand = (n: number) => n.toLocaleString('en')
const column = (cells: string[]) => console.log(cells.map((c, i) => c.padEnd(i === 0 ? 44 : 16)).join(''))

for (const size of values.sizes.split(',').map(Number)) {
  const cwd = mkdtempSync(join(tmpdir(), 'otel-lab-load-'))
  const offset = await freePortOffset()
  const env = { ...process.env, OTEL_LAB_DIR: '' }
  const lab = (args: string[]) => spawnSync(process.execPath, [BIN, ...args], { cwd, env, encoding: 'utf8' })
  try {
    const up = lab(['up', '--json', '--port-offset', String(offset)])
    if (up.status !== 0) throw new Error(up.stdout + up.stderr)
    const { pid } = JSON.parse(readFileSync(join(cwd, '.otel-lab/run/embedded.json'), 'utf8'))
    const port = (usual: number) => `http://127.0.0.1:${usual + offset}`
    const peak = watchMemory(pid)
    column([`\n${thousand(size)} of each`, 'sent in', 'a second', 'bare server', 'found after', 'processor'])
    const since = Math.floor(Date.now() / 1000) - 60
    const window = () => `start=${since}&end=${Math.ceil(Date.now() / 1000) + 1}`
    // biome-ignore lint/suspicious/noExplicitAny: three backends' answers, of which a field or two is read
    const json = async (url: string): Promise<any> => {
      const answer = await fetch(url)
      if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
      return answer.json()
    }

    await taken(
      'spans',
      () => spansRequests(size),
      async () => {
        const q = encodeURIComponent('{ } | count_over_time()')
        const { series } = await json(`${port(3200)}/api/metrics/query_range?q=${q}&${window()}&step=1s`)
        return (series?.[0]?.samples ?? []).reduce((sum: number, s: { value?: number }) => sum + (s.value ?? 0), 0)
      },
    )
    await taken(
      'log lines',
      () => logsRequests(size),
      async () => {
        const q = encodeURIComponent('{service_name="load"}')
        return (await json(`${port(3100)}/loki/api/v1/index/stats?query=${q}&${window()}`)).entries
      },
    )
    // Each of the thousand series ends at a thousandth of the size.
    await taken(
      'samples',
      () => samplesRequests(size),
      async () => {
        const { data } = await json(`${port(9090)}/api/v1/query?query=sum(load_files_processed_total)`)
        return Number(data.result[0]?.value[1] ?? 0)
      },
    )

    column(['query', 'p50', 'p99', 'target'])
    const errorOne = encodeURIComponent('{ status = error && resource.service.name = "load" }')
    const byLevel = encodeURIComponent('{service_name="load"} | json | level="ERROR"')
    const id = (7).toString(16).padStart(32, '0')
    const oneTrace = encodeURIComponent(`{service_name="load"} | trace_id="${id}"`)
    // The lesson's query: the id may be in the line or beside it.
    const lesson = encodeURIComponent(`{service_name="load"} | json | trace_id="${id}"`)
    const inLine = encodeURIComponent(`{service_name="load"} |= "${id}"`)
    const rate = encodeURIComponent('sum by (status) (rate(load_files_processed_total[5m]))')
    const queries: Record<string, string> = {
      'Tempo: trace by id': `${port(3200)}/api/traces/${(7).toString(16).padStart(32, '0')}`,
      'Tempo: { status = error && ... }': `${port(3200)}/api/search?q=${errorOne}&${window()}&limit=20`,
      'Tempo: { duration > 5s }': `${port(3200)}/api/search?q=${encodeURIComponent('{ duration > 5s }')}&${window()}`,
      'Loki: | json | level="ERROR"': `${port(3100)}/loki/api/v1/query_range?query=${byLevel}&${window()}&limit=100`,
      'Loki: | trace_id="..."': `${port(3100)}/loki/api/v1/query_range?query=${oneTrace}&${window()}&limit=100`,
      'Loki: | json | trace_id="..."': `${port(3100)}/loki/api/v1/query_range?query=${lesson}&${window()}&limit=100`,
      'Loki: |= "<trace id>"': `${port(3100)}/loki/api/v1/query_range?query=${inLine}&${window()}&limit=100`,
      'Prometheus: sum by (rate())': `${port(9090)}/api/v1/query_range?query=${rate}&${window()}&step=15`,
    }
    for (const [name, url] of Object.entries(queries)) {
      const times: number[] = []
      try {
        for (let i = 0; i < ROUNDS; i++) {
          const began = performance.now()
          await json(url)
          times.push(performance.now() - began)
        }
      } catch (error) {
        console.log(`${name}  ${(error as Error).message}`)
        process.exitCode = 1
        continue
      }
      times.sort((a, b) => a - b)
      const p99 = times.at(-1)!
      column([name, `${times[ROUNDS / 2]!.toFixed(1)} ms`, `${p99.toFixed(1)} ms`, against(p99, QUERY_MS, 'ms')])
    }
    const most = peak()
    const now = `${residentMib(pid).toFixed(0)} MiB`
    column(['memory of the lab, peak and now', `${most.toFixed(0)} MiB`, now, against(most, PEAK_MIB, 'MiB')])

    async function taken(what: string, requests: () => Iterable<Request>, count: () => Promise<number>) {
      const bare = await bareReceiver()
      const { seconds: least } = await send(requests(), bare.port).finally(bare.close)
      const [began, cpu] = [performance.now(), cpuSeconds(pid)]
      const { seconds, refused } = await send(requests(), 4317 + offset)
      let seen = 0
      // A look at all of a million costs a lot itself, so not too often.
      while (seen < size && performance.now() - began < 300_000) {
        seen = await count()
        if (seen < size) await sleep(250 + size / 500)
      }
      const there = seen >= size ? `${((performance.now() - began) / 1000).toFixed(1)} s` : `MISSING ${size - seen}`
      const note = refused > 0 ? `${refused} refusals, sent again` : ''
      const perSecond = (s: number) => thousand(Math.round(size / s))
      const used = `${(cpuSeconds(pid) - cpu).toFixed(1)} s`
      column([what, `${seconds.toFixed(1)} s`, perSecond(seconds), perSecond(least), there, used, note])
      if (seen < size || refused > 0) process.exitCode = 1
    }
  } finally {
    lab(['down'])
    rmSync(cwd, { recursive: true, force: true })
  }
}

/** The target, and whether what was seen keeps it. */
function against(seen: number, target: number, unit: string): string {
  if (seen > target) process.exitCode = 1
  return `at most ${target} ${unit} ${seen > target ? '✗' : '✓'}`
}

/** Sends all of it with a few requests at once; how long it took, and how often it was refused and sent again. */
async function send(requests: Iterable<Request>, port: number): Promise<{ seconds: number; refused: number }> {
  const client = createOtlpGrpcClient('127.0.0.1', port, {
    compression: 'none',
    inflate: createInflate(64 << 20),
    timeoutMs: 60_000,
    headers: {},
  })
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
  client.close()
  return { seconds: (performance.now() - began) / 1000, refused }
}
