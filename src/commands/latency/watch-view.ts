import { DOOR_TITLES, type WatchView } from '../../latency.ts'
import { humanDuration } from '../../ui/numbers.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { sparkline } from '../../ui/sparkline.ts'
import { renderTable } from '../../ui/table.ts'
import { terminalWidth } from '../../ui/width.ts'

const rank = (sorted: readonly number[], q: number) =>
  sorted.length === 0 ? undefined : sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]
const shown = (ms: number | undefined) => (ms === undefined ? '' : Number.isFinite(ms) ? humanDuration(ms) : 'never')

export function renderWatch({ doors, sent, elapsedMs, breaches }: WatchView, p: Paint = paint()): string {
  const wide = terminalWidth() >= 90
  const rows = doors.map(({ door, outcomes, missing }) => {
    const sorted = [...outcomes].sort((a, b) => a - b)
    const broken = breaches.some((breach) => breach.door === door)
    const title = wide ? DOOR_TITLES[door] : door
    return [
      broken ? p.red('✗') : '',
      broken ? p.red(title) : title,
      shown(outcomes.at(-1)),
      shown(rank(sorted, 0.5)),
      shown(rank(sorted, 0.95)),
      missing > 0 ? p.red(String(missing)) : '0',
      ...(wide ? [sparkline(outcomes.slice(-20), 20)] : []),
    ]
  })
  const heads = ['LAST', 'MEDIAN', 'P95', 'MISSING'].map((title) => ({ title, align: 'right' as const }))
  return [
    `${sent} probes in ${humanDuration(elapsedMs)}; the figures are of the last 600 at each door.`,
    renderTable(['', 'DOOR', ...heads, ...(wide ? ['LATELY'] : [])], rows, { paint: p }),
    ...breaches.map(({ slo, door, said }) => p.red(`✗ ${slo.text} is broken at ${DOOR_TITLES[door]}: ${said}`)),
  ].join('\n')
}

/** On a terminal the view is drawn over; elsewhere it is printed now and then. */
export function watchScreen(log: (text: string) => void, quiet: boolean, stream = process.stdout) {
  const EVERY_MS = stream.isTTY ? 500 : 60_000
  let last = 0
  let lines = 0
  return (view: WatchView) => {
    const now = performance.now()
    if (quiet || now - last < EVERY_MS) return
    last = now
    const text = renderWatch(view)
    if (!stream.isTTY) return log(text)
    const up = lines > 0 ? `\u001b[${lines}A` : ''
    stream.write(`${up}\u001b[0J${text}\n`)
    lines = text.split('\n').length
  }
}
