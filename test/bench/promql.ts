// How soon PromQL answers, beside Debian's prometheus on the same data: npm run bench -- promql [--sizes 10000,100000]
// For each size that many samples, an hour of one every 15 s, by remote write to both; then every query 20 times.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { realPrometheus, type Server, startEmbedded, startReal } from '../support/prometheus-process.ts'
import type { RandomSeries } from '../support/promql-queries.ts'
import { remoteWrite } from '../support/remote-write.ts'

const { values } = parseArgs({ options: { sizes: { type: 'string', default: '10000,100000,1000000' } } })
const ROUNDS = 20
const STEP_MS = 15_000
const STEPS = 240
const JOBS = 10

const QUERIES: [query: string, kind: 'instant' | 'range'][] = [
  ['requests_total', 'instant'],
  ['sum by (job) (rate(requests_total[5m]))', 'instant'],
  ['topk(5, rate(requests_total[5m]))', 'instant'],
  ['sum by (job) (rate(requests_total[5m]))', 'range'],
  ['requests_total{job=~"job-[1-3]"} / 2', 'range'],
  ['max_over_time(rate(requests_total[5m])[30m:1m])', 'instant'],
  ['rate(requests_total[5m]) / on (job) group_left () sum by (job) (rate(requests_total[5m]))', 'range'],
  ['quantile_over_time(0.9, requests_total[30m])', 'instant'],
]

const thousand = (n: number) => n.toLocaleString('en')
const column = (cells: string[]) => console.log(cells.map((c, i) => c.padEnd(i === 0 ? 96 : 22)).join(''))

const version = realPrometheus()
if (version === undefined) console.log('no real prometheus on this machine (apt-get install prometheus): ours alone')
for (const size of values.sizes.split(',').map(Number)) {
  const ours = await startEmbedded()
  const real = version === undefined ? undefined : await startReal()
  const servers = [ours, real].filter((server) => server !== undefined)
  try {
    const end = Math.floor(Date.now() / STEP_MS) * STEP_MS
    const took: string[] = []
    for (const server of servers) took.push(await feed(server, size, end))
    column([
      `\n${thousand(size)} samples of ${thousand(Math.ceil(size / STEPS))} series`,
      'embedded p50 / p99',
      version ?? '',
    ])
    column(['  samples a second taken in by remote write', ...took])
    for (const [query, kind] of QUERIES) {
      const cells: string[] = []
      for (const server of servers) cells.push(await measure(server, query, kind, end))
      column([`  ${kind.padEnd(8)} ${query}`, ...cells])
    }
    console.log(`  memory of this process: ${Math.round(process.memoryUsage().rss / 1024 / 1024)} MB`)
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

async function feed(server: Server, size: number, end: number): Promise<string> {
  const series = Math.ceil(size / STEPS)
  const batch = Math.max(1, Math.floor(50_000 / series))
  const started = performance.now()
  for (let from = 0; from < STEPS; from += batch) {
    const part: RandomSeries[] = Array.from({ length: series }, (_, s) => ({
      labels: { __name__: 'requests_total', job: `job-${s % JOBS}`, instance: `host-${s}:9100` },
      samples: Array.from({ length: Math.min(batch, STEPS - from) }, (_, i) => ({
        time: end - (STEPS - from - i) * STEP_MS,
        value: (from + i) * (1 + (s % 7)),
      })),
    }))
    await remoteWrite(server.url, part)
  }
  return thousand(Math.round((series * STEPS * 1000) / (performance.now() - started)))
}

async function measure(server: Server, query: string, kind: 'instant' | 'range', end: number): Promise<string> {
  const time = end / 1000
  const params =
    kind === 'instant'
      ? { query, time: String(time) }
      : { query, start: String(time - 3000), end: String(time), step: '30' }
  const url = `${server.url}/api/v1/${kind === 'instant' ? 'query' : 'query_range'}?${new URLSearchParams(params)}`
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now()
    const answer = await fetch(url)
    const text = await answer.text()
    times.push(performance.now() - started)
    if (!answer.ok || text.includes('"result":[]')) throw new Error(`${query}: ${answer.status} ${text.slice(0, 200)}`)
    await sleep(1)
  }
  times.sort((a, b) => a - b)
  return `${times[ROUNDS / 2]!.toFixed(1)} / ${times.at(-1)!.toFixed(1)} ms`
}
