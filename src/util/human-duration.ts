/** A duration for people, three significant digits: `840 µs`, `12.3 ms`, `2.51 s`, `3 min 12 s`. */
export function humanDuration(ms: number): string {
  const size = Math.abs(ms)
  if (size === 0) return '0 s'
  if (size < 0.9995) return `${digits(ms * 1000)} µs`
  if (size < 999.5) return `${digits(ms)} ms`
  if (size < 119_500) return `${digits(ms / 1000)} s`
  const seconds = Math.round(ms / 1000)
  const minutes = Math.trunc(seconds / 60)
  return minutes < 120
    ? both([minutes, 'min'], [Math.abs(seconds % 60), 's'])
    : both([Math.trunc(minutes / 60), 'h'], [Math.abs(minutes % 60), 'min'])
}

/** Of a round number the smaller unit says nothing. */
const both = (large: [number, string], small: [number, string]) =>
  (small[0] === 0 ? [large] : [large, small]).map((part) => part.join(' ')).join(' ')

/** Three significant digits without an exponent. */
export function digits(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const whole = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(3))))) + 1
  return value.toFixed(Math.min(6, Math.max(0, 3 - whole)))
}
