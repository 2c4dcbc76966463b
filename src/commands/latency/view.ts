import type { Diagnosis } from '../../diagnosis.ts'
import {
  type Account,
  budgetOf,
  DOOR_TITLES,
  DOORS,
  type Door,
  hopTitle,
  type Measurement,
  waitsText,
} from '../../latency.ts'
import { renderHistogram } from '../../ui/histogram.ts'
import { humanDuration } from '../../ui/numbers.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { renderTable } from '../../ui/table.ts'
import { renderWaterfall } from '../../ui/waterfall.ts'
import { terminalWidth } from '../../ui/width.ts'

interface ViewOptions {
  deadlineMs: number
  width?: number
  paint?: Paint
}

/** A histogram of fewer says nothing. */
const LEAST_SAMPLES = 10
/** One for each signal; the others are like them, or have something to say. */
const SHOWN = new Set<Door>(['trace-by-search', 'logs', 'metrics'])

export function renderMeasurement(measurement: Measurement, options: ViewOptions): string {
  const { width = terminalWidth(), paint: p = paint() } = options
  const accounts = DOORS.flatMap((door) => measurement.accounts[door] ?? [])
  const shown = accounts.filter(({ door, findings }) => SHOWN.has(door) || findings.length > 0)
  return [
    '',
    p.bold('From its making until it can be queried'),
    figures(measurement, width, p),
    '',
    ...shown.flatMap((account) => [breakdown(account, width, p), '']),
    ...shown.flatMap((account) => histogram(account, width, p)),
    p.bold('What the configs make of it'),
    ...DOORS.filter((door) => SHOWN.has(door)).map(
      (door) => `  ${DOOR_TITLES[door]}: ${waitsText(measurement.waits[door], humanDuration)}`,
    ),
    ...notes(measurement, options),
  ].join('\n')
}

function figures({ figures, waits }: Measurement, width: number, p: Paint): string {
  const wide = width >= 100
  const heads = [
    'N',
    ...(wide ? ['MIN'] : []),
    'MEDIAN',
    ...(width >= 76 ? ['±'] : []),
    'P95',
    ...(wide ? ['MAX'] : []),
  ]
  const columns = [...heads, width >= 76 ? 'CONFIG SAYS' : 'CONFIG'].map((title) => ({
    title,
    align: 'right' as const,
  }))
  const rows = DOORS.map((door) => {
    const seen = figures[door]
    const { min, max } = budgetOf(waits[door])
    const cells: Record<string, string> = seen
      ? {
          N: String(seen.count),
          MIN: humanDuration(seen.min),
          MEDIAN: humanDuration(seen.median),
          '±': humanDuration(seen.errorMs),
          P95: humanDuration(seen.p95),
          MAX: humanDuration(seen.max),
        }
      : { N: '0' }
    const title = width >= 70 ? DOOR_TITLES[door] : DOOR_TITLES[door].replace(/ \(.*/, '')
    return [title, ...heads.map((head) => cells[head] ?? ''), p.dim(range(min, max))]
  })
  return renderTable(['', ...columns], rows, { paint: p })
}

const range = (min: number, max: number) =>
  min === max ? humanDuration(max) : `${min === 0 ? '0' : humanDuration(min)} to ${humanDuration(max)}`

const MARKS: Record<Account['hops'][number]['known'], string> = {
  measured: '●',
  derived: '◐',
  predicted: '○',
  unexplained: '?',
}

/** The hops as a waterfall of their means, which add up to the mean of the whole. */
export function breakdown({ door, whole, hops, findings }: Account, width: number, p: Paint): string {
  let at = 0
  const bars = hops.map((hop, i) => {
    const start = at
    at += Math.max(0, hop.mean)
    const note = width >= 96 && hop.budget ? `config ${range(hop.budget.min, hop.budget.max)}` : undefined
    const late = findings.some((finding) => finding.hop === hop.key)
    return {
      id: String(i),
      name: `${MARKS[hop.known]} ${hopTitle(hop.key)}`,
      start,
      end: at,
      error: late,
      ...(note === undefined ? {} : { note }),
    }
  })
  const longest = [...hops].sort((a, b) => b.mean - a.mean)[0]
  const share = longest && whole.mean > 0 ? Math.round((100 * longest.mean) / whole.mean) : 0
  const head = `${DOOR_TITLES[door]}: ${humanDuration(whole.mean)} on average`
  const most = longest ? `, ${share} % of it ${hopTitle(longest.key)}` : ''
  return [
    p.bold(head) + most,
    renderWaterfall(bars, { width: width >= 96 ? width - 24 : width, paint: p }),
    ...findings.map((finding) =>
      p.yellow(
        `! ${hopTitle(finding.hop)} took ${humanDuration(finding.mean)}, at ${finding.mean < finding.expected ? 'least' : 'most'} ${humanDuration(finding.expected)} was to be expected: ${finding.cause}`,
      ),
    ),
  ].join('\n')
}

function histogram({ door, whole }: Account, width: number, p: Paint): string[] {
  if (whole.count < LEAST_SAMPLES) return []
  return [p.bold(DOOR_TITLES[door]), renderHistogram(whole.samples, { unit: 'ms', width, paint: p }), '']
}

/** The hop that lost it, why, and the mend. */
export function diedText({ signal, broken, held }: Diagnosis): string {
  const hop = broken ?? held
  if (hop === undefined) return `◷ ${signal}: nothing is known to be broken, and it has not come. → otel-lab doctor`
  const place = [hop.hop, hop.id, hop.pipeline && `in ${hop.pipeline}`].filter(Boolean).join(' ')
  const why = hop.why ? `; ${hop.why}` : ''
  const next = hop.next ? `\n  → ${hop.next}` : ''
  return `${broken ? '✗' : '◷'} ${signal} ${broken ? 'lost' : 'held'} at ${place}: ${hop.seen}${why}${next}`
}

function notes(measurement: Measurement, { deadlineMs }: ViewOptions): string[] {
  const { missing, lateIds, silent, engine, tapped, by, wanted, faults } = measurement
  const list = [
    '●\u00a0measured  ◐\u00a0derived from two that were  ○\u00a0predicted by the configs  ?\u00a0unexplained',
  ]
  if (!tapped) {
    list.push(
      '· This engine cannot look inside its collector: what happens there is predicted by its config, the rest is left unexplained.',
    )
  }
  for (const what of silent) list.push(`· The program sends no ${what}: none came to the collector.`)
  if (lateIds > 0) {
    list.push(
      `· Of ${lateIds} ${lateIds === 1 ? 'trace' : 'traces'} only the search told the id: by id they may have been there sooner. A program that logs its trace ids tells them in time.`,
    )
  }
  for (const door of DOORS.filter((one) => missing[one] > 0)) {
    const of =
      by === 'program'
        ? `in ${missing[door]} of ${wanted} runs not all had come`
        : `${missing[door]} of ${wanted} probes had not come`
    list.push(`◷ ${DOOR_TITLES[door]}: ${of} after ${humanDuration(deadlineMs)}. → otel-lab doctor`)
  }
  list.push(...measurement.died.map(diedText))
  for (const { door, what, fault } of faults.slice(0, 5))
    list.push(`✗ ${DOOR_TITLES[door]}: probe ${what} came back with ${fault}`)
  if (engine === 'embedded') {
    list.push(
      '· The embedded engine keeps the configured intervals of the real stack: these figures show what they cost, not how fast the real Tempo, Loki and Prometheus are.',
    )
  }
  return list
}
