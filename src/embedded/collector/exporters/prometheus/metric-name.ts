import { table } from '../../../../util/table.ts'

/** How OTLP metric names become Prometheus's (prometheus/otlptranslator; the OpenTelemetry compatibility specification). */
export interface MetricNaming {
  namespace: string
  withSuffixes: boolean
  utf8Allowed: boolean
}

export type NamedType = 'gauge' | 'monotonic' | 'other'

const UNITS: Record<string, string> = table({
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  TiBy: 'tibibytes',
  KBy: 'kilobytes',
  MBy: 'megabytes',
  GBy: 'gigabytes',
  TBy: 'terabytes',
  m: 'meters',
  V: 'volts',
  A: 'amperes',
  J: 'joules',
  W: 'watts',
  g: 'grams',
  Cel: 'celsius',
  Hz: 'hertz',
  '1': '',
  '%': 'percent',
})

const PER_UNITS: Record<string, string> = table({
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  mo: 'month',
  y: 'year',
})

/** Throws an Error in the translator's words when nothing sensible is left of the name. */
export function metricName(naming: MetricNaming, name: string, unit: string, type: NamedType): string {
  if (naming.utf8Allowed) return utf8Name(naming, name, unit, type)
  const result = naming.withSuffixes ? suffixed(naming.namespace, name, unit, type) : plain(naming.namespace, name)
  if (result === '') throw new Error(`normalization for metric ${JSON.stringify(name)} resulted in empty name`)
  if (result !== name && /^_*$/.test(result)) {
    const words = `resulted in invalid name ${JSON.stringify(result)}`
    throw new Error(`normalization for metric ${JSON.stringify(name)} ${words}`)
  }
  return result
}

/** `{requests}` and the like are annotations, not units. */
export function unitSuffixes(unit: string): { main: string; per: string } {
  const slash = unit.indexOf('/')
  const [first, second] = slash === -1 ? [unit, ''] : [unit.slice(0, slash), unit.slice(slash + 1)]
  const known = (text: string, names: Record<string, string>) => {
    const trimmed = text.trim()
    return /[{}]/.test(trimmed) ? '' : (names[trimmed] ?? trimmed)
  }
  const per = known(second, PER_UNITS)
  return { main: known(first, UNITS), per: per && `per_${per}` }
}

export function cleanUnit(unit: string): string {
  return unit
    .replace(/[^a-zA-Z0-9:]/gu, '_')
    .replace(/_+/g, '_')
    .replace(/^_/, '')
}

const underscored = (text: string) =>
  text
    .split(/[^a-zA-Z0-9:_]+/u)
    .filter(Boolean)
    .join('_')

function plain(namespace: string, name: string): string {
  const safe = underscored(name)
  if (namespace !== '') return `${underscored(namespace)}_${safe}`
  return /^\d/.test(safe) ? `_${safe}` : safe
}

function suffixed(namespace: string, name: string, unit: string, type: NamedType): string {
  let tokens = name.split(/[^a-zA-Z0-9:]+/u).filter(Boolean)
  const { main, per } = unitSuffixes(unit)
  tokens.push(...unitTokens(tokens, cleanUnit(main), cleanUnit(per)))
  const last = (word: string) => {
    tokens = [...tokens.filter((token) => token !== word), word]
  }
  if (type === 'monotonic') last('total')
  // Many instruments count things with the unit 1; only of gauges is it sure that they are ratios.
  if (unit === '1' && type === 'gauge') last('ratio')
  if (namespace !== '') tokens.unshift(namespace)
  const joined = tokens.join('_')
  return /^\d/.test(joined) ? `_${joined}` : joined
}

/** The unit's words that the name does not hold already. */
function unitTokens(tokens: readonly string[], main: string, per: string): string[] {
  const perWord = per === 'per_' ? '' : per.replace(/_$/, '')
  const keptPer = tokens.includes(perWord) ? '' : perWord
  const keptMain = tokens.includes(main) ? '' : main
  return [keptPer === '' ? keptMain : keptMain.replace(/_$/, ''), keptPer].filter(Boolean)
}

function utf8Name(naming: MetricNaming, input: string, unit: string, type: NamedType): string {
  let name = naming.namespace === '' ? input : `${naming.namespace}_${input}`
  if (!naming.withSuffixes) return name
  const tail: string[] = []
  const trim = (suffix: string) => {
    if (name.endsWith(suffix) && name.length > suffix.length + 1) name = name.slice(0, -(suffix.length + 1))
    tail.unshift(`_${suffix}`)
  }
  if (unit === '1' && type === 'gauge') trim('ratio')
  if (type === 'monotonic') trim('total')
  const { main, per } = unitSuffixes(unit)
  if (per !== '') trim(per)
  if (main !== '' && !name.endsWith(main)) name += `_${main}`
  return name + tail.join('')
}

/** A unit as Prometheus would name it, without the metric. */
export function unitName(unit: string, utf8Allowed: boolean): string {
  const { main, per } = unitSuffixes(unit)
  const parts = (utf8Allowed ? [main, per] : [cleanUnit(main), cleanUnit(per)]).filter(Boolean)
  return parts.join('_').replace(/^_/, '').replace(/_$/, '')
}
