/** The collector begins a line with the time, Prometheus, Tempo and Loki write `ts=` or `time=`. */
const TIME = /(?:^|\b(?:ts|time|t)=)"?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d):?(\d\d)?/

/** When a log line says it was written; undefined for a continuation line. */
export function timeOfLine(line: string): Date | undefined {
  const match = TIME.exec(line.slice(0, 120))
  if (!match) return undefined
  const [, stamp, zone, minutes] = match
  const time = new Date(`${stamp}${zone}${zone === 'Z' ? '' : `:${minutes ?? '00'}`}`)
  return Number.isNaN(time.getTime()) ? undefined : time
}
