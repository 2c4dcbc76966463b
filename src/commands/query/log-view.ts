import { fieldOf, type LogRow, type LogStream, logRows } from '../../backends/loki-streams.ts'
import { toMillis } from '../../backends/time.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { outputWidth, widthOf } from '../../ui/width.ts'
import { seriesText } from './metric-view.ts'
import { fullTime } from './times.ts'

/** Names of levels that have more than five letters, as OTLP calls them. */
const SHORT: Record<string, string> = { WARNING: 'WARN', CRITICAL: 'FATAL', EMERGENCY: 'FATAL', INFORMATION: 'INFO' }

/** The level as Loki or the program calls it, in five cells and its colour. */
export function levelText(row: LogRow, p: Paint): string {
  const level = (
    fieldOf(row, 'level') ??
    fieldOf(row, 'severity_text') ??
    fieldOf(row, 'detected_level') ??
    ''
  ).toUpperCase()
  const text = (SHORT[level] ?? level).padEnd(5)
  if (/^(ERR|FATAL|CRIT)/.test(level)) return p.red(text)
  if (level.startsWith('WARN')) return p.yellow(text)
  return /^(DEBUG|TRACE)/.test(level) ? p.dim(text) : p.green(text)
}

/** Lines in order of their time, as they are, then the streams that they came from. */
export function renderStreams(
  streams: readonly LogStream[],
  now: number,
  p: Paint = paint(),
  width = outputWidth(),
): string {
  const rows = logRows(streams).map((row) => {
    const head = `${p.dim(fullTime(toMillis(row.ns), now))} ${levelText(row, p)}`
    // JSON is copied whole, or not at all.
    if (/^[{[]/.test(row.line) && widthOf(head) + 1 + widthOf(row.line) > width) return `${head}\n${row.line}`
    return `${head} ${row.line.replaceAll('\n', `\n${' '.repeat(19)}`)}`
  })
  const from = streams.map(({ labels, entries }) => {
    const count = `${entries.length} ${entries.length === 1 ? 'line' : 'lines'} of`
    return `${p.dim(count)} ${p.cyan(seriesText(labels))}`
  })
  return [...rows, '', ...from].join('\n')
}
