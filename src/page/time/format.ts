/** Times and amounts for people: always with a unit, never more digits than mean something. */

const pad = (value: number, digits = 2) => String(value).padStart(digits, '0')

/** `4.2 µs`, `18 ms`, `2.09 s`, `3 m 12 s`. */
export function duration(ms: number): string {
  const size = Math.abs(ms)
  if (size === 0) return '0 ms'
  if (size < 0.001) return `${Math.round(ms * 1e6)} ns`
  if (size < 1) return `${digits(ms * 1000)} µs`
  if (size < 1000) return `${digits(ms)} ms`
  if (size < 120_000) return `${digits(ms / 1000)} s`
  const sign = ms < 0 ? '-' : ''
  // Rounded first: no minute has 60 seconds.
  const [seconds, minutes] = [Math.round(size / 1000), Math.round(size / 60_000)]
  const rest = (value: number, unit: string) => (value === 0 ? '' : ` ${value} ${unit}`)
  if (seconds < 7_200) return `${sign}${Math.floor(seconds / 60)} m${rest(seconds % 60, 's')}`
  if (minutes < 2_880) return `${sign}${Math.floor(minutes / 60)} h${rest(minutes % 60, 'm')}`
  return `${sign}${digits(Math.round(size / 86_400_000))} d`
}

/** Three digits that mean something. */
export function digits(value: number): string {
  const size = Math.abs(value)
  if (size < 1) return String(Number(value.toPrecision(3)))
  const places = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2
  const text = value.toFixed(places)
  return places === 0 ? text : text.replace(/\.?0+$/, '')
}

/** `00:13:22`, with `.773` where asked. */
export function clock(ms: number, fraction = false): string {
  const date = new Date(ms)
  const text = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
  return fraction ? `${text}.${pad(date.getMilliseconds(), 3)}` : text
}

export function day(ms: number): string {
  const date = new Date(ms)
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

/** How long ago: `12 s ago`, `3 m ago`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 5) return 'now'
  if (seconds < 100) return `${seconds} s ago`
  if (seconds < 5400) return `${Math.round(seconds / 60)} m ago`
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h ago`
  return `${Math.round(seconds / 86_400)} d ago`
}

/** `1.2 k`, `3.4 M`; small numbers as they are. */
export function amount(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e15) return value.toExponential(2).replace('e+', 'e')
  if (size >= 1e9) return `${digits(value / 1e9)} G`
  if (size >= 1e6) return `${digits(value / 1e6)} M`
  if (size >= 10_000) return `${digits(value / 1e3)} k`
  return digits(value)
}

/** What a metric counts, read off its unit or its name as Prometheus's conventions have it. */
export function unitOf(name: string, unit = ''): 's' | 'B' | '%' | '' {
  // However long things took: how often is counted.
  if (/_(count|bucket)$/.test(name)) return ''
  const said = unit || /_(seconds|bytes|ratio)(_|$)/.exec(name)?.[1] || ''
  if (/^s(econds)?$/.test(said)) return 's'
  if (/^(B|bytes)$/i.test(said)) return 'B'
  if (said === 'ratio') return '%'
  return ''
}

export function withUnit(value: number | null, unit: ReturnType<typeof unitOf>, perSecond = false): string {
  if (value === null) return 'no number'
  if (!Number.isFinite(value)) return String(value)
  const per = perSecond ? '/s' : ''
  if (unit === 's') return perSecond ? `${digits(value)} s/s` : duration(value * 1000)
  if (unit === '%') return `${digits(value * 100)} %`
  if (unit === 'B') {
    const power = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10)))
    return `${digits(value / 1024 ** power)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}${per}`
  }
  return amount(value) + per
}
