import type { Hono } from 'hono'
import { formatModelDuration } from '../../series/model-duration.ts'
import type { PrometheusConfig } from '../config.ts'
import type { Store } from '../store.ts'
import { ApiError, success } from './answers.ts'
import { limitParameter } from './parameters.ts'

/** The version whose behaviour is followed. */
export const VERSION = '3.14.0'

export interface Running {
  config(): PrometheusConfig
  startedAt: number
  /** Of the last reload. */
  reload(): { time: number; ok: boolean }
  version: string
}

/** /status/* and what the lab has none of: rules, alerts, Alertmanagers. */
export function addStatusRoutes(api: Hono, store: Store, running: Running): void {
  api.get('/status/config', (c) => success(c, { yaml: running.config().text }))
  api.get('/status/buildinfo', (c) =>
    success(c, {
      version: running.version,
      revision: 'otel-lab-embedded',
      branch: 'otel-lab',
      buildUser: '',
      buildDate: '',
      goVersion: `node ${process.version}`,
    }),
  )
  api.get('/status/flags', (c) => success(c, flags(running.config())))
  api.get('/status/runtimeinfo', (c) => {
    const { time, ok } = running.reload()
    return success(c, {
      startTime: new Date(running.startedAt).toISOString(),
      CWD: '',
      hostname: '',
      serverTime: new Date().toISOString(),
      reloadConfigSuccess: ok,
      lastConfigTime: new Date(time).toISOString(),
      corruptionCount: 0,
      goroutineCount: 0,
      GOMAXPROCS: 1,
      GOMEMLIMIT: 0,
      GOGC: '',
      GODEBUG: '',
      storageRetention: formatModelDuration(running.config().retentionMs),
    })
  })
  api.get('/status/tsdb', (c) => {
    const limit = limitParameter(new URL(c.req.url).searchParams) || 10
    return success(c, statistics(store, limit))
  })
  api.get('/status/walreplay', (c) => success(c, { min: 0, max: 0, current: 0 }))
  api.get('/rules', (c) => success(c, { groups: [] }))
  api.get('/alerts', (c) => success(c, { alerts: [] }))
  api.get('/alertmanagers', (c) => success(c, { activeAlertmanagers: [], droppedAlertmanagers: [] }))
  api.on(['POST', 'PUT'], '/admin/tsdb/:what', () => {
    throw new ApiError('unavailable', 'admin APIs disabled')
  })
  api.get('/notifications', (c) => success(c, []))
}

function flags(config: PrometheusConfig): Record<string, string> {
  return {
    'config.file': 'prometheus.yml',
    'enable-feature': 'exemplar-storage,created-timestamp-zero-ingestion',
    'query.lookback-delta': '5m',
    'query.timeout': '2m',
    'storage.tsdb.retention.time': formatModelDuration(config.retentionMs),
    'storage.tsdb.retention.size': `${Math.round(config.retentionBytes / 1024 / 1024)}MB`,
    'web.enable-lifecycle': 'true',
    'web.enable-remote-write-receiver': 'true',
    'web.enable-otlp-receiver': 'false',
    'web.listen-address': '127.0.0.1:9090',
  }
}

function statistics(store: Store, limit: number) {
  const perMetric = new Map<string, number>()
  const perPair = new Map<string, number>()
  const valuesOf = new Map<string, number>()
  const bytesOf = new Map<string, number>()
  for (const { name, value, series } of store.head.valueCounts()) {
    if (name === '__name__') perMetric.set(value, series)
    perPair.set(`${name}=${value}`, series)
    valuesOf.set(name, (valuesOf.get(name) ?? 0) + 1)
    bytesOf.set(name, (bytesOf.get(name) ?? 0) + value.length * series)
  }
  let chunks = 0
  let minTime = Number.POSITIVE_INFINITY
  for (const series of store.head.all()) {
    chunks += series.chunks.length
    minTime = Math.min(minTime, series.minTime ?? minTime)
  }
  const top = (counts: Map<string, number>) =>
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, limit)
      .map(([name, value]) => ({ name, value }))
  return {
    headStats: {
      numSeries: store.head.size,
      numLabelPairs: perPair.size,
      chunkCount: chunks,
      minTime: Number.isFinite(minTime) ? minTime : 0,
      maxTime: store.maxTime,
    },
    seriesCountByMetricName: top(perMetric),
    labelValueCountByLabelName: top(valuesOf),
    memoryInBytesByLabelName: top(bytesOf),
    seriesCountByLabelValuePair: top(perPair),
  }
}
