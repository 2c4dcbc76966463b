import { remoteWrite } from '../../support/remote-write.ts'
import type { Tally } from '../shared/tally.ts'
import { parseValue } from './compare.ts'
import type { Asker, Dataset } from './compliance.ts'
import type { ParseSuite } from './parse.ts'

interface ApiAnswer {
  status: string
  error?: string
  data?: { result: { metric: Record<string, string>; values: [number, string][] }[] }
}

/** What the server said no to. */
class Refused extends Error {}

async function api(url: string, path: string, params: Record<string, string>): Promise<ApiAnswer> {
  const answer = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(params) })
  return (await answer.json()) as ApiAnswer
}

/** Puts the parser's cases to a server; it need not have the flags that the suite's experimental syntax wants. */
export async function parseOverHttp(url: string, suite: ParseSuite, tally: Tally): Promise<void> {
  const results: [boolean, string][] = []
  for (const { query, fail } of suite.parse) {
    const { status, error } = await api(url, 'format_query', { query })
    results.push([fail === (status === 'error'), `${query.slice(0, 100)}: ${error ?? 'must fail'}`])
  }
  tally('parse over HTTP', results)
}

/** Writes the data set to a server that holds nothing newer, some minutes a request, and asks it then. */
export async function httpAsker(url: string, dataset: Dataset): Promise<Asker> {
  const times = dataset.series.flatMap(({ samples }) => samples.map(([time]) => time))
  const last = times.reduce((a, b) => Math.max(a, b))
  for (let from = times.reduce((a, b) => Math.min(a, b)); from <= last; from += 300_000) {
    const part = dataset.series.map(({ labels, samples }) => ({
      labels,
      samples: samples
        .filter(([time]) => time >= from && time < from + 300_000)
        .map(([time, value]) =>
          value === 'stale' ? { time, value: 0, stale: true } : { time, value: parseValue(value) },
        ),
    }))
    await remoteWrite(
      url,
      part.filter(({ samples }) => samples.length > 0),
    )
  }
  return async (query, { start, end, step }) => {
    const params = { query, start: String(start / 1000), end: String(end / 1000), step: String(step / 1000) }
    const { status, error, data } = await api(url, 'query_range', params)
    if (status !== 'success') throw new Refused(error)
    return data!.result.map(({ metric, values }) => ({
      labels: metric,
      points: values.map(([time, value]) => [Math.round(time * 1000), parseValue(value)]),
    }))
  }
}
