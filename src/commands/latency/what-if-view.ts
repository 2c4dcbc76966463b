import { budgetOf, DOOR_TITLES, DOORS, type SweepStep, type WhatIf } from '../../latency.ts'
import { humanDuration } from '../../ui/numbers.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { renderTable } from '../../ui/table.ts'
import { pad, terminalWidth } from '../../ui/width.ts'

const right = (titles: readonly string[]) => titles.map((title) => ({ title, align: 'right' as const }))

export function renderWhatIf({ settings, changes }: WhatIf, p: Paint = paint()): string {
  const rows = changes.map(({ door, before, after, difference, predicted, p: chance, real }) => [
    DOOR_TITLES[door],
    humanDuration(before),
    humanDuration(after),
    signed(difference),
    p.dim(signed(predicted)),
    chance === undefined ? '' : chance < 0.001 ? '<0.001' : chance.toFixed(3),
    real ? p.green(difference < 0 ? 'sooner' : 'later') : p.dim('noise'),
  ])
  const real = changes.filter((one) => one.real)
  const best = [...real].sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))[0]
  const verdict = best
    ? `${settings.map(({ text }) => text).join(', ')} brings ${DOOR_TITLES[best.door]} ${best.difference < 0 ? 'sooner' : 'later'} by ${humanDuration(Math.abs(best.difference))}, and that is more than noise.`
    : 'No difference that is more than noise.'
  return [
    '',
    p.bold(`Medians before and with ${settings.map(({ text }) => text).join(', ')}`),
    renderTable(['', ...right(['BEFORE', 'WITH', 'CHANGE', 'PREDICTED', 'P']), ''], rows, { paint: p }),
    '',
    verdict,
    ...[...new Set(changes.map(({ test }) => test))].map((test) =>
      p.dim(`The test: ${test}. P is how likely such a difference is by chance; below 0.05 it counts.`),
    ),
    p.dim('The configs are as they were before.'),
  ].join('\n')
}

const signed = (ms: number) => (Math.abs(ms) < 0.5 ? '0 s' : `${ms < 0 ? '-' : '+'}${humanDuration(Math.abs(ms))}`)

export function renderSweep(steps: readonly SweepStep[], p: Paint = paint()): string {
  const path = steps[0]?.setting.path ?? ''
  const values = steps.map(({ setting }) => setting.value)
  const rows = DOORS.filter((door) => steps.some(({ measured }) => measured.figures[door])).map((door) => [
    DOOR_TITLES[door],
    ...steps.map(({ measured }) => {
      const seen = measured.figures[door]
      return seen ? humanDuration(seen.median) : ''
    }),
  ])
  return [
    '',
    p.bold(`Medians by ${path}`),
    renderTable(['', ...right(values)], rows, { paint: p }),
    '',
    curve(steps, p),
  ].join('\n')
}

/** The door that the setting moves most: a bar for its median, a mark where the configs put the mean. */
function curve(steps: readonly SweepStep[], p: Paint): string {
  const spread = (door: (typeof DOORS)[number]) => {
    const medians = steps.map(({ measured }) => measured.figures[door]?.median ?? 0)
    return Math.max(...medians) / Math.max(1, Math.min(...medians))
  }
  const door = [...DOORS].sort((a, b) => spread(b) - spread(a))[0]!
  const points = steps.map(({ setting, measured }) => ({
    value: setting.value,
    median: measured.figures[door]?.median ?? 0,
    mean: budgetOf(measured.waits[door]).mean,
  }))
  const label = Math.max(...points.map(({ value }) => value.length))
  const room = Math.max(10, terminalWidth() - label - 14)
  const scale = room / Math.max(1, ...points.flatMap(({ median, mean }) => [median, mean]))
  const lines = points.map(({ value, median, mean }) => {
    const bar = '█'.repeat(Math.round(median * scale)).padEnd(Math.min(room - 1, Math.round(mean * scale)), ' ')
    const at = Math.min(room - 1, Math.round(mean * scale))
    return `${pad(value, label, 'right')}  ${p.cyan(bar.slice(0, at))}${p.yellow('│')}${p.cyan(bar.slice(at + 1))} ${humanDuration(median)}`
  })
  return [
    `${p.bold(DOOR_TITLES[door])}  ${p.dim('█ median   │ what the configs make of it on average')}`,
    ...lines,
  ].join('\n')
}
