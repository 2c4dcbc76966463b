import type { FlowStep } from '../../journey.ts'
import { DOORS, type Measurement } from '../../latency.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { outputWidth, pad, terminalWidth, wrapWords } from '../../ui/width.ts'
import { breakdown, diedText } from '../latency/view.ts'

const TIME = 8

/** One line a step, its time in front, counted from the beginning. */
export function flowLines({ log, began, p = paint() }: { log: (line: string) => void; began: number; p?: Paint }) {
  const arrows: FlowStep[] = []
  return {
    arrows: () => arrows,
    show(step: FlowStep) {
      if (step.kind === 'arrow') arrows.push(step)
      const time = pad(`${Math.max(0, Math.round(step.at - began))} ms`, TIME, 'right')
      const signal = p.dim(pad(step.signal ?? '', 8))
      const by = step.by ? p.dim(`  ${step.by}`) : ''
      const text = step.kind === 'inside' ? `  ${step.text}` : step.text
      const room = outputWidth() - TIME - 2 - 8
      const [first, ...rest] = Number.isFinite(room) ? wrapWords(`${text}${by}`, room) : [`${text}${by}`]
      const colour = step.bad ? p.red : step.kind === 'seen' ? p.green : (line: string) => line
      log(`${p.dim(time)}  ${signal}${colour(first ?? '')}`)
      for (const line of rest) log(`${' '.repeat(TIME + 2 + 8)}${colour(line)}`)
    },
  }
}

/** Where the time went, a waterfall a signal. */
export function renderEnd(measured: Measurement, p: Paint = paint()): string {
  const shown = (['trace-by-search', 'logs', 'metrics'] as const).flatMap((door) => measured.accounts[door] ?? [])
  const missing = DOORS.filter((door) => measured.missing[door] > 0 && door !== 'metrics-by-exemplar')
  return [
    '',
    ...shown.flatMap((account) => [breakdown(account, terminalWidth(), p), '']),
    ...(missing.length > 0 ? [p.yellow(`Not there: ${missing.join(', ')}`)] : []),
    ...measured.died.map((one) => p.red(diedText(one))),
  ].join('\n')
}
