import {
  budgetOf,
  type Figures,
  type Intervals,
  MEASURES,
  type Measure,
  type ProbeEvent,
  type ProbeResult,
} from '../../latency.ts'
import { renderHistogram } from '../../ui/histogram.ts'
import { humanDuration } from '../../ui/numbers.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { renderTable } from '../../ui/table.ts'
import { terminalWidth } from '../../ui/width.ts'

const TITLES: Record<Measure, string> = {
  'trace-by-id': 'Trace by id (Tempo)',
  'trace-by-search': 'Trace by search (Tempo)',
  logs: 'Log line (Loki)',
  metrics: 'Metric (Prometheus)',
}

/** A line for each run, and on a terminal one below that says what is waited for. */
export function progressOf(
  runs: number,
  log: (line: string) => void,
  stream: Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean } = process.stderr,
  p: Paint = paint(),
) {
  const waiting = new Map<Measure, number>()
  let running: number | undefined
  const erase = () => void (stream.isTTY && stream.write('\r\u001b[K'))
  const draw = () => {
    if (!stream.isTTY || (running === undefined && [...waiting.values()].every((count) => count === 0))) return
    const parts = [...waiting]
      .filter(([, count]) => count > 0)
      .map(([measure, count]) => `${TITLES[measure]} ×${count}`)
    const what = running === undefined ? 'waiting for' : `run ${running + 1} of ${runs} goes on;`
    stream.write(`\r\u001b[K${p.dim(`… ${what} ${parts.join(', ')}`.slice(0, terminalWidth() - 1))}`)
  }
  const onEvent = (event: ProbeEvent) => {
    erase()
    if (event.type === 'run') {
      running = event.index
      for (const measure of MEASURES) waiting.set(measure, (waiting.get(measure) ?? 0) + 1)
      log(`Run ${event.index + 1} of ${runs}: ${event.runId}`)
    } else if (event.type === 'ended') {
      running = undefined
      if (event.exitCode !== 0) log(p.yellow(`  ended with exit code ${event.exitCode}`))
    } else {
      waiting.set(event.measure, (waiting.get(event.measure) ?? 1) - 1)
      const slowest = Math.max(0, ...event.sightings.map(({ seenAt, madeAt }) => seenAt - madeAt))
      const seen = event.sightings.length > 0 ? `visible after at most ${humanDuration(slowest)}` : 'nothing seen'
      log(p.dim(`  run ${event.index + 1}  ${TITLES[event.measure]}: ${seen}${event.complete ? '' : ', not all'}`))
    }
    draw()
  }
  return { onEvent, end: erase }
}

export interface FiguresView {
  figures: Figures
  result: ProbeResult
  intervals: Intervals
  engine: string
  deadlineMs: number
}

export function renderFigures(view: FiguresView, p: Paint = paint()): string {
  const { figures, result, intervals, engine } = view
  const numbers = ['N', 'MIN', 'MEDIAN', 'P95', 'MAX', 'CONFIG: MEAN', 'MAX'].map((title) => ({
    title,
    align: 'right' as const,
  }))
  const rows = MEASURES.map((measure) => {
    const seen = figures[measure]
    const expected = budgetOf(measure, intervals)
    const values = seen
      ? [String(seen.count), ...[seen.min, seen.median, seen.p95, seen.max].map(humanDuration)]
      : ['0', '', '', '', '']
    return [TITLES[measure], ...values, p.dim(humanDuration(expected.mean)), p.dim(humanDuration(expected.max))]
  })
  const parts = [
    '',
    p.bold('From its making until it can be queried'),
    renderTable(['', ...numbers], rows, { paint: p }),
    '',
    ...MEASURES.flatMap((measure) => histogram(measure, figures, p)),
    p.bold('What the intervals make of it'),
    ...MEASURES.map((measure) => `  ${TITLES[measure]}: ${waitsText(measure, intervals)}`),
    ...notes(view).map((note) => `${p.dim('·')} ${note}`),
    ...MEASURES.filter((measure) => result.missing[measure] > 0).map((measure) =>
      p.yellow(
        `◷ ${TITLES[measure]}: in ${result.missing[measure]} of ${result.runs.length} runs not all had come after ${humanDuration(view.deadlineMs)}. → otel-lab doctor`,
      ),
    ),
  ]
  if (engine === 'embedded') {
    parts.push(
      `${p.dim('·')} The embedded engine keeps the configured intervals of the real stack: these figures show what they cost, not how fast the real Tempo, Loki and Prometheus are.`,
    )
  }
  return parts.join('\n')
}

function histogram(measure: Measure, figures: Figures, p: Paint): string[] {
  const seen = figures[measure]
  if (!seen || seen.count < 2) return []
  return [p.bold(TITLES[measure]), renderHistogram(seen.samples, { unit: 'ms', width: terminalWidth(), paint: p }), '']
}

function waitsText(measure: Measure, intervals: Intervals): string {
  const { waits } = budgetOf(measure, intervals)
  if (waits.length === 0) return 'no wait is configured'
  return waits.map(({ name, ms, kind }) => `${name} ${kind === 'clock' ? '0 to ' : ''}${humanDuration(ms)}`).join(' + ')
}

function notes({ figures, result, intervals }: FiguresView): string[] {
  const list: string[] = []
  for (const measure of MEASURES) {
    const seen = figures[measure]
    if (seen?.bounded) {
      list.push(
        `${TITLES[measure]} is bounded by the polling step of ${humanDuration(seen.stepMs)}: it may well be faster.`,
      )
    }
  }
  if (result.lateIds > 0) {
    list.push(
      `Of ${result.lateIds} ${result.lateIds === 1 ? 'trace' : 'traces'} only the search told the id: by id they may have been there sooner. A program that logs its trace ids tells them in time.`,
    )
  }
  if (figures.metrics && result.metricsFrom === 'span') {
    list.push('The metrics have no exemplars that say when they were recorded: counted from the end of the last span.')
  }
  if (figures.metrics && intervals.scrapeInterval !== undefined) {
    list.push(
      `Prometheus comes every ${humanDuration(intervals.scrapeInterval)}: a metric waits for anything up to that, evenly.`,
    )
  }
  return list
}
