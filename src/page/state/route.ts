/** What the page shows, all of it in the URL: a reload or a copied link shows the same. */
export interface Route {
  view: 'walk' | 'topology'
  /** The run that gives the range; the newest one unless said. */
  run?: string
  /** A second run beside it. */
  vs?: string
  /** A range of one's own, in milliseconds since the epoch. */
  from?: number
  to?: number
  metric?: string
  mode?: string
  /** Queries of one's own. */
  promql?: string
  traceql?: string
  logql?: string
  trace?: string
  span?: string
  /** A log line, by its nanoseconds. */
  line?: string
  /** Lines as they come: `on`. */
  live?: string
  /** How a trace is drawn. */
  shape?: 'flame' | 'diff'
  /** The other trace of a diff. */
  other?: string
  exercise?: number
}

const VIEWS = ['walk', 'topology'] as const
const TEXTS = [
  'run',
  'vs',
  'metric',
  'mode',
  'promql',
  'traceql',
  'logql',
  'trace',
  'span',
  'line',
  'live',
  'shape',
  'other',
] as const
const NUMBERS = ['from', 'to', 'exercise'] as const

export function readRoute(path: string, search: string): Route {
  const view = VIEWS.find((one) => path === `/${one}`) ?? 'walk'
  const params = new URLSearchParams(search)
  const route: Route = { view }
  for (const key of TEXTS) {
    const value = params.get(key)
    if (value) Object.assign(route, { [key]: value })
  }
  for (const key of NUMBERS) {
    const value = Number(params.get(key) ?? Number.NaN)
    if (Number.isFinite(value)) route[key] = value
  }
  // As Tempo takes them: leading zeros may be left out.
  if (route.trace && /^[0-9a-f]{1,32}$/i.test(route.trace)) route.trace = route.trace.toLowerCase().padStart(32, '0')
  return route
}

export function routeUrl(route: Route): string {
  const params = new URLSearchParams()
  for (const key of [...TEXTS, ...NUMBERS]) {
    const value = route[key]
    if (value !== undefined && value !== '') params.set(key, String(value))
  }
  const search = params.toString()
  return (route.view === 'walk' ? '/' : `/${route.view}`) + (search === '' ? '' : `?${search}`)
}

/** What is left when one goes a step back: line, span, trace. Undefined when there is nothing to leave. */
export function stepBack(route: Route): Route | undefined {
  const { line: _, ...withoutLine } = route
  if (route.line) return withoutLine
  const { span: __, ...withoutSpan } = withoutLine
  if (route.span) return withoutSpan
  const { trace: ___, shape: ____, other: _____, logql: ______, ...withoutTrace } = withoutSpan
  if (route.trace) return withoutTrace
  return undefined
}
