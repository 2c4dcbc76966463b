import { type BackendAddress, type Call, httpBackend } from './http.ts'

export interface DataSource {
  uid: string
  name: string
  /** `tempo`, `prometheus`, `loki`, ... */
  type: string
  url: string
  /** How it is wired to the others, such as `exemplarTraceIdDestinations`. */
  jsonData: Record<string, unknown>
}

export interface GrafanaClient {
  readonly url: string
  health(call?: Call): Promise<{ ok: boolean; version: string }>
  dataSources(call?: Call): Promise<DataSource[]>
  /** Whether Grafana itself reaches a data source, and what it says of it. */
  dataSourceHealth(uid: string, call?: Call): Promise<{ ok: boolean; message: string }>
}

/** What these pages answer when all is not well. */
const TELLING = [400, 404, 500, 502, 503]

export function grafanaClient(address: BackendAddress): GrafanaClient {
  const backend = httpBackend('Grafana', address)
  return {
    url: backend.shownUrl,
    async health(call = {}) {
      const { database, version } = await backend.json<{ database?: string; version?: string }>(
        '/api/health',
        {},
        { ...call, accept: [503] },
      )
      return { ok: database === 'ok', version: version ?? '' }
    },
    async dataSources(call) {
      const list = await backend.json<Partial<DataSource>[]>('/api/datasources', {}, call)
      return list.map(({ uid = '', name = '', type = '', url = '', jsonData = {} }) => ({
        uid,
        name,
        type,
        url,
        jsonData,
      }))
    },
    async dataSourceHealth(uid, call = {}) {
      const { status, message } = await backend.json<{ status?: string; message?: string }>(
        `/api/datasources/uid/${encodeURIComponent(uid)}/health`,
        {},
        { ...call, accept: TELLING },
      )
      return { ok: status === 'OK', message: message ?? '' }
    },
  }
}
