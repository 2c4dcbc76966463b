import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { startLoki } from '../../../src/embedded/loki/loki.ts'
import { createNetwork } from '../../../src/embedded/network.ts'

const ended: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

export const onEnd = (end: () => Promise<unknown>) => ended.push(end)

export const CONFIG = `
auth_enabled: false
schema_config: {configs: [{from: 2020-10-24, store: tsdb, object_store: filesystem, schema: v13, index: {prefix: index_, period: 24h}}]}
ingester: {lifecycler: {min_ready_duration: 0s}}
`

export async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'loki-'))
  onEnd(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** On a free port: published ones too, so that tests never meet a lab that runs. */
export async function start(dataDir: string, configText = CONFIG) {
  const log: string[] = []
  const service = await startLoki({
    name: 'loki',
    network: { ...createNetwork({ portOffset: 0 }), bindPort: () => 0 },
    dataDir,
    configText,
    configPath: 'loki.yaml',
    env: {},
    log: (text) => log.push(text),
  })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= service.stop()
    return stopped
  }
  onEnd(stop)
  const url = `http://127.0.0.1:${service.ports().http}`
  return { service, url, log, stop }
}

export type Json = Record<string, unknown>

/** An OTLP/JSON request of one resource and scope. */
export function otlp(records: Json[], resource: Record<string, string> = { 'service.name': 'neuro' }) {
  return JSON.stringify({
    resourceLogs: [
      { resource: { attributes: attributes(resource) }, scopeLogs: [{ scope: { name: 'lib' }, logRecords: records }] },
    ],
  })
}

export const attributes = (of: Record<string, string>) =>
  Object.entries(of).map(([key, stringValue]) => ({ key, value: { stringValue } }))

export const record = (nanos: bigint, text: string, more: Json = {}) => ({
  timeUnixNano: String(nanos),
  body: { stringValue: text },
  ...more,
})

export const nowNanos = () => BigInt(Date.now()) * 1_000_000n

export const post = (url: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body: body as string, headers: { 'content-type': 'application/json', ...headers } })

export async function get(
  url: string,
  path: string,
  params: Record<string, string> = {},
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${url}${path}?${new URLSearchParams(params)}`, { headers })
  const text = await response.text()
  // biome-ignore lint/suspicious/noExplicitAny: whatever the endpoint answers
  const json = response.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as any) : undefined
  return { status: response.status, text, json }
}

/** All lines of a log query, newest first. */
export async function lines(url: string, query: string, params: Record<string, string> = {}): Promise<string[]> {
  const { json, text } = await get(url, '/loki/api/v1/query_range', { query, ...params })
  if (json === undefined) throw new Error(text)
  const all = json.data.result.flatMap(({ values }: { values: [string, string][] }) => values)
  return all.sort((a: string[], b: string[]) => (BigInt(a[0]!) < BigInt(b[0]!) ? 1 : -1)).map((v: string[]) => v[1]!)
}
