import { setTimeout as sleep } from 'node:timers/promises'
import { httpRequest } from '../../src/util/http.ts'

export interface Acknowledged {
  /** Trace ids, each of one span. */
  traces: string[]
  /** Bodies of log lines. */
  logs: string[]
  /** The last acknowledged value of each counter. */
  metrics: Map<string, number>
}

/** What the collector sends again at its start, and Prometheus scrapes, needs a moment. */
const PATIENCE_MS = 45_000
/** Traces asked for side by side. */
const AT_ONCE = 32

/** The acknowledged records that the backends do not have, even after some patience. */
export async function missing(offset: number, { traces, logs, metrics }: Acknowledged): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MS
  const left = { traces: new Set(traces), logs: new Set(logs), metrics: new Map(metrics) }
  /** What Tempo said last of a trace that it did not give. */
  const answers = new Map<string, string>()
  while (true) {
    const ids = [...left.traces]
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE)
      const found = await Promise.all(
        some.map((id) => httpRequest(`http://127.0.0.1:${3200 + offset}/api/traces/${id}`)),
      )
      found.forEach(({ status, text }, i) => {
        if (status === 200) left.traces.delete(some[i]!)
        else answers.set(some[i]!, `${status} ${text}`)
      })
    }
    if (left.logs.size > 0) for (const line of await lines(offset)) left.logs.delete(line)
    if (left.metrics.size > 0) {
      for (const [name, value] of await counters(offset)) {
        if (value >= (left.metrics.get(name) ?? Number.POSITIVE_INFINITY)) left.metrics.delete(name)
      }
    }
    const rest = [
      ...[...left.traces].map((id) => `trace ${id}: Tempo answers ${answers.get(id)}`),
      ...[...left.logs].map((line) => `line ${line}`),
      ...[...left.metrics.keys()].map((name) => `counter ${name}`),
    ]
    if (rest.length === 0 || Date.now() > deadline) return rest
    await sleep(500)
  }
}

async function json(url: string) {
  const { status, text } = await httpRequest(url)
  if (status !== 200) throw new Error(`${url}: ${status} ${text}`)
  return JSON.parse(text)
}

/** All lines, page by page backwards, as Loki gives at most 5000 at once. */
async function lines(offset: number): Promise<Set<string>> {
  const found = new Set<string>()
  const url = `http://127.0.0.1:${3100 + offset}/loki/api/v1/query_range?query=${encodeURIComponent('{service_name="durable"}')}`
  const start = BigInt(Date.now() - 3_600_000) * 1_000_000n
  let end = BigInt(Date.now() + 60_000) * 1_000_000n
  while (true) {
    const { data } = await json(`${url}&limit=5000&start=${start}&end=${end}`)
    const values: [string, string][] = data.result.flatMap((stream: { values: [string, string][] }) => stream.values)
    const before = found.size
    for (const [, line] of values) found.add(line)
    if (values.length < 5000 || found.size === before) return found
    const oldest = values.reduce((min, [time]) => (BigInt(time) < min ? BigInt(time) : min), end)
    end = oldest + 1n
  }
}

/** The largest value that Prometheus has had of each counter. */
async function counters(offset: number): Promise<[string, number][]> {
  const query = encodeURIComponent('max by (record) (max_over_time(durable_total[1h]))')
  const { data } = await json(`http://127.0.0.1:${9090 + offset}/api/v1/query?query=${query}`)
  return data.result.map(({ metric, value }: { metric: { record: string }; value: [number, string] }) => [
    metric.record,
    Number(value[1]),
  ])
}
