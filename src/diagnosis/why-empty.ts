import type { LokiClient } from '../backends/loki.ts'
import type { PrometheusClient } from '../backends/prometheus.ts'
import type { TempoClient } from '../backends/tempo.ts'
import { toMillis, type Window } from '../backends/time.ts'
import { humanDuration } from '../util/human-duration.ts'
import { samplesAhead } from './ahead.ts'
import { askAgain, meantOfLoki, meantOfPrometheus, meantOfTempo } from './meant.ts'
import { isNear, unknownAttributes, unknownLabels } from './unknown-names.ts'

interface Asked {
  window: Window
  signal: AbortSignal
}

/** How far back it is worth to look for what the window misses; Tempo takes no longer search. */
const WIDE_MS = 7 * 86_400_000 - 60_000
const NAMES = 8

function wider({ window }: Asked): Window {
  const end = Math.max(window.end, Date.now())
  return { start: end - WIDE_MS, end }
}

function nothing(what: string, { window }: Asked, ...why: (string | undefined)[]): string {
  const long = humanDuration(window.end - window.start)
  const until = window.end < Date.now() - 5_000 ? ` before ${new Date(window.end).toISOString()}` : ''
  return [`No ${what} in ${long}${until}.`, ...why.filter(Boolean).map((line) => `  ${line}`)].join('\n')
}

/** The window is at fault when a wider one finds something. */
function missedBy(what: string, ms: number, { window }: Asked): string {
  if (ms > window.end) return `There is a ${what} after the window. → leave out --end`
  const since = Math.ceil((Date.now() - ms) / 60_000) + 1
  return `The newest ${what} is of ${new Date(ms).toISOString()}: before the window. → --since ${since}m`
}

/** What a backend cannot say now is left out: the answer itself is complete. */
const quietly = <T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> =>
  work.catch(() => {
    signal.throwIfAborted()
    return undefined
  })

const perhaps = (backend: 'tempo' | 'prometheus' | 'loki', query: string | undefined) =>
  query === undefined ? undefined : `Perhaps you mean → ${askAgain(backend, query)}`

export async function whyNoTraces(
  tempo: TempoClient,
  query: string,
  asked: Asked & { metrics: boolean },
): Promise<string> {
  const { signal, window } = asked
  const found = asked.metrics
    ? []
    : await quietly(tempo.search(query, { window: wider(asked), limit: 5, signal }), signal)
  const newest = found?.map(({ startNs }) => toMillis(startNs)).sort((a, b) => b - a)[0]
  if (newest !== undefined) return nothing('trace matches', asked, missedBy('match', newest, asked))
  const [any, tags, meant] = await Promise.all([
    quietly(tempo.search('{}', { window, limit: 100, signal }), signal),
    quietly(tempo.tags({ window, signal }), signal),
    asked.metrics ? undefined : quietly(meantOfTempo(tempo, query, asked), signal),
  ])
  const there =
    any === undefined || any.length === 0
      ? 'Tempo has no trace at all in that time. → otel-lab run'
      : `Tempo has ${any.length === 100 ? 'at least 100' : any.length} others then: is the query right? → otel-lab query tempo '{}'`
  return nothing(
    'trace matches',
    asked,
    perhaps('tempo', meant),
    there,
    ...(any?.length && tags ? unknownAttributes(query, tags) : []),
    'A trace is found by its id at once, by search only once Tempo has cut it: a second or two after its last span.',
  )
}

/** No examples: the series themselves may be missing, or carry none. */
export async function whyNoExemplars(prometheus: PrometheusClient, query: string, asked: Asked): Promise<string> {
  const { signal, window } = asked
  const series = await quietly(
    prometheus.queryRange(query, window, (window.end - window.start) / 1000, { signal }),
    signal,
  )
  if (series !== undefined && series.length === 0) return whyNoSeries(prometheus, query, { ...asked, ranged: true })
  return nothing(
    'exemplar',
    asked,
    'Counters and the buckets of histograms carry exemplars; gauges do not, nor does what a function has made of them.',
    'They travel only in the OpenMetrics format: enable_open_metrics of the prometheus exporter. → otel-lab config show',
    'Prometheus keeps the newest of them in memory only: those of before its last start are gone. → otel-lab run stress',
  )
}

export async function whyNoSeries(
  prometheus: PrometheusClient,
  query: string,
  asked: Asked & { ranged: boolean },
): Promise<string> {
  const { signal } = asked
  const wide = wider(asked)
  const step = (wide.end - wide.start) / 10_000
  const found = await quietly(prometheus.queryRange(query, wide, step, { signal }), signal)
  const newest = (found ?? []).flatMap(({ samples }) => samples.map(({ time }) => time)).sort((a, b) => b - a)[0]
  const names = await quietly(prometheus.labelValues('__name__', { signal }), signal)
  const targets = await quietly(prometheus.targets({ signal }), signal)
  const ahead = samplesAhead(await quietly(prometheus.newestSample({ signal }), signal), Date.now())
  const asks = /[a-zA-Z_:][\w:]*(?=\s*(\{|\[|$|\)))/.exec(query)?.[0]
  const near = (names ?? []).filter((name) => asks !== undefined && isNear(name, asks)).slice(0, NAMES)
  const intervals = [...new Set((targets ?? []).map(({ interval }) => interval))].join(' or ')
  return nothing(
    'series',
    // An instant query takes samples that are up to 5 minutes old.
    asked.ranged ? asked : { ...asked, window: { start: asked.window.end - 300_000, end: asked.window.end } },
    newest === undefined
      ? perhaps('prometheus', await quietly(meantOfPrometheus(prometheus, query, asked), signal))
      : missedBy('sample', newest, asked),
    ahead && `${ahead.seen} → ${ahead.next}`,
    asks !== undefined && names && !names.includes(asks)
      ? `No metric is called ${asks}.${near.length > 0 ? ` Near it: ${near.join(', ')}` : ` There are ${names.length} others.`}`
      : undefined,
    intervals === '' ? undefined : `Prometheus scrapes every ${intervals}: what is newer than that may be on its way.`,
    ...(targets ?? [])
      .filter(({ health }) => health === 'down')
      .map(({ url, lastError }) => `It cannot scrape ${url}: ${lastError}`),
  )
}

/** A stream selector with all that its strings may hold. */
const SELECTOR = /^\{(?:[^"`}]|"(?:[^"\\]|\\.)*"|`[^`]*`)*\}/

export async function whyNoLines(loki: LokiClient, query: string, asked: Asked): Promise<string> {
  const { signal, window } = asked
  const found = await quietly(loki.streams(query, wider(asked), { limit: 1, signal }), signal)
  const newest = found?.[0]?.entries[0]
  if (newest) return nothing('line matches', asked, missedBy('match', toMillis(newest.ns), asked))
  const meant = await quietly(meantOfLoki(loki, query, asked), signal)
  const series = await quietly(loki.series(['{service_name=~".+"}'], window, { signal }), signal)
  const services = [...new Set((series ?? []).map(({ service_name: name }) => name))]
  const selector = SELECTOR.exec(query.trim())
  const labels = (await quietly(loki.labels(window, { signal }), signal)) ?? []
  const unfolded =
    selector !== null && selector[0].length < query.trim().length
      ? `Does its selector find lines by itself? → otel-lab query loki '${selector[0]}'`
      : undefined
  return nothing(
    'line matches',
    asked,
    perhaps('loki', meant),
    services.length === 0
      ? 'Loki has no line at all in that time. → otel-lab run'
      : `Loki has lines then of ${services.slice(0, NAMES).join(', ')}. → otel-lab query loki '{service_name="${services[0]}"}'`,
    ...(selector && labels.length > 0 ? unknownLabels(selector[0], labels) : []),
    unfolded,
  )
}
