import type { Target } from './links.ts'

/** A query in Grafana's Explore, by the uid of its datasource; see stack/grafana/provisioning. */
interface Pane {
  uid: 'tempo' | 'prometheus' | 'loki'
  query: Record<string, unknown>
}

const SERVICE = 'neuro-preprocess'

/** What each exercise of the lesson looks at; another shows the dashboard. */
const EXERCISES: Record<number, Pane[]> = {
  1: [{ uid: 'tempo', query: { queryType: 'traceql', query: `{resource.service.name="${SERVICE}"}`, limit: 20 } }],
  2: [
    { uid: 'prometheus', query: { expr: 'rate(neuro_files_processed_total[1m])', range: true, exemplar: true } },
    { uid: 'loki', query: { expr: `{service_name="${SERVICE}"}`, queryType: 'range' } },
  ],
  3: [
    { uid: 'loki', query: { expr: `{service_name="${SERVICE}"}`, queryType: 'range' } },
    { uid: 'tempo', query: { queryType: 'traceql', query: `{resource.service.name="${SERVICE}"}`, limit: 20 } },
  ],
}

const DASHBOARD = '/d/otel-lab/otel-lab?from=now-15m&to=now'

/** The path and query of a deep link. */
export function grafanaLink(target: Target): string {
  const { query, runId } = target
  if (query) {
    const text = query.backend === 'tempo' ? { queryType: 'traceql', query: query.text } : { expr: query.text }
    return explore([{ uid: query.backend, query: text }])
  }
  if (runId) {
    return explore([
      { uid: 'prometheus', query: { expr: `{instance="${runId}"}`, range: true, exemplar: true } },
      { uid: 'loki', query: { expr: `{service_instance_id="${runId}"}`, queryType: 'range' } },
    ])
  }
  if (target.traceId) return explore([{ uid: 'tempo', query: { queryType: 'traceql', query: target.traceId } }])
  const panes = target.exercise === undefined ? undefined : EXERCISES[target.exercise]
  return panes ? explore(panes) : DASHBOARD
}

/** Explore's address (Grafana documentation, "Explore", "Generate Explore URLs from external tools"). */
function explore(panes: Pane[]): string {
  const described = Object.fromEntries(
    panes.map(({ uid, query }, i) => [
      `lab${i}`,
      {
        datasource: uid,
        queries: [{ refId: 'A', datasource: { type: uid, uid }, ...query }],
        range: { from: 'now-1h', to: 'now' },
      },
    ]),
  )
  return `/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(described))}`
}
