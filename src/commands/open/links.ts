/** What somebody wants to see; each has an address on the page and, where it runs, in Grafana. */
export interface Target {
  traceId?: string
  runId?: string
  exercise?: number
  query?: { backend: 'prometheus' | 'tempo' | 'loki'; text: string }
}

const PARAMS = { prometheus: 'promql', tempo: 'traceql', loki: 'logql' } as const

/** Path and query on the lab's page. */
export function pageLink({ traceId, runId, exercise, query }: Target): string {
  const params = new URLSearchParams({
    ...(runId ? { run: runId } : {}),
    ...(traceId ? { trace: traceId } : {}),
    ...(query ? { [PARAMS[query.backend]]: query.text } : {}),
    ...(exercise === undefined ? {} : { exercise: String(exercise) }),
  })
  return `/${params.size > 0 ? `?${params}` : ''}`
}
