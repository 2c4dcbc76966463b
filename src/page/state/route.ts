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
  /** A log line: its nanoseconds, and what tells it from others of that moment. */
  line?: string
  /** Lines as they come: `on`. */
  live?: string
  /** How a trace is drawn. */
  shape?: 'flame' | 'diff'
  /** The other trace of a diff. */
  other?: string
  exercise?: number
  /** An arrow of the topology: kind, component and pipeline of its beginning. */
  arrow?: string
  /** What travelled there, by its number. */
  passage?: number
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
  'arrow',
] as const
const NUMBERS = ['from', 'to', 'exercise', 'passage'] as const

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

/** What each step back takes away, the last one first; what is not on the view in front is left alone. */
const STEPS: Record<Route['view'], (keyof Route)[][]> = {
  walk: [['line'], ['span'], ['trace', 'shape', 'other', 'logql'], ['vs'], ['from', 'to']],
  topology: [['passage'], ['arrow']],
}

/** What is left when one goes a step back: line, span, trace, range. Undefined when there is nothing to leave. */
export function stepBack(route: Route): Route | undefined {
  const step = STEPS[route.view].find(([key]) => route[key!] !== undefined)
  if (step === undefined) return undefined
  return Object.fromEntries(Object.entries(route).filter(([key]) => !step.includes(key as keyof Route))) as never
}
