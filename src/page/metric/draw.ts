import type { Exemplar, Series } from '../../page-server/answers.ts'
import type { Range } from '../time/scale.ts'
import type { Heat } from './heat.ts'
import type { Plot } from './plot.ts'
import type { Theme } from './theme.ts'

type Canvas = CanvasRenderingContext2D

const FONT = '11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace'

/** Lines across with their values beside them. */
export function drawAxis(ctx: Canvas, { box, splits, y }: Plot, theme: Theme, shown: (value: number) => string): void {
  ctx.save()
  ctx.font = FONT
  ctx.textAlign = 'right'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = theme.faint
  ctx.strokeStyle = theme.line
  ctx.beginPath()
  for (const value of splits) {
    const at = Math.round(y(value)) + 0.5
    ctx.moveTo(box.left, at)
    ctx.lineTo(box.left + box.width, at)
    // The lowest label would be cut by the edge.
    ctx.fillText(shown(value), box.left - 8, Math.min(Math.max(at, 6), box.top + box.height - 3))
  }
  ctx.stroke()
  ctx.restore()
}

/** Where a series has no value for longer than a step, its line ends and begins again. */
export function drawSeries(
  ctx: Canvas,
  plot: Plot,
  series: readonly Series[],
  { theme, colours, stepMs, stepped }: { theme: Theme; colours: readonly number[]; stepMs: number; stepped: boolean },
): void {
  const { box, x, y } = plot
  ctx.save()
  ctx.beginPath()
  ctx.rect(box.left, 0, box.width, box.top + box.height + 2)
  ctx.clip()
  ctx.lineWidth = 1.5
  ctx.lineJoin = 'round'
  series.forEach(({ times, values }, i) => {
    ctx.beginPath()
    ctx.strokeStyle = ctx.fillStyle = theme.series[colours[i] ?? 0]!
    const has = (j: number) => Number.isFinite(values[j])
    const joined = (j: number) => has(j) && has(j - 1) && times[j]! - times[j - 1]! <= stepMs * 1.5
    for (let j = 0; j < times.length; j++) {
      if (!has(j)) continue
      const [left, top] = [x(times[j]!), y(values[j]!)]
      if (joined(j)) {
        if (stepped) ctx.lineTo(left, y(values[j - 1]!))
        ctx.lineTo(left, top)
      } else {
        ctx.moveTo(left, top)
        // Alone it is no line.
        if (!joined(j + 1)) ctx.fillRect(left - 1.5, top - 1.5, 3, 3)
      }
    }
    ctx.stroke()
  })
  ctx.restore()
}

/** An exemplar with its place, in CSS pixels of the chart. */
export interface Dot {
  exemplar: Exemplar
  x: number
  y: number
}

const LANE_TOP = 12
const LANE_STEP = 11
const LANES = 4
const REACH = 14
const DOT = 4

/** On the value axis where they have a place there, else in lanes at the top, so that none hides another. */
export function placeDots(plot: Plot, exemplars: readonly Exemplar[], onAxis: boolean): Dot[] {
  const { box } = plot
  const lanes: number[] = []
  const dots: Dot[] = []
  for (const exemplar of [...exemplars].sort((a, b) => a.time - b.time)) {
    const x = plot.x(exemplar.time)
    if (x < box.left || x > box.left + box.width) continue
    if (onAxis && exemplar.value !== null) {
      // Whole, also where a value is at the foot of the axis or below it.
      dots.push({ exemplar, x, y: Math.min(plot.y(exemplar.value), box.top + box.height - DOT) })
      continue
    }
    let lane = lanes.findIndex((last) => x - last >= LANE_STEP)
    if (lane === -1) lane = lanes.length < LANES ? lanes.length : lanes.indexOf(Math.min(...lanes))
    lanes[lane] = x
    dots.push({ exemplar, x, y: box.top + LANE_TOP + lane * LANE_STEP })
  }
  return dots
}

/** Index of the dot under the pointer, or near it; -1 for none. */
export function nearestDot(dots: readonly Dot[], x: number, y: number): number {
  let best = -1
  let least = REACH ** 2
  dots.forEach((dot, i) => {
    const distance = (dot.x - x) ** 2 + (dot.y - y) ** 2
    if (distance < least) {
      least = distance
      best = i
    }
  })
  return best
}

export function drawDots(
  ctx: Canvas,
  dots: readonly Dot[],
  { chosen, theme }: { chosen: string | undefined; theme: Theme },
): void {
  ctx.save()
  ctx.lineWidth = 1.5
  ctx.strokeStyle = theme.accent
  for (const dot of dots) {
    const { labels } = dot.exemplar
    const isChosen = chosen !== undefined && (labels.trace_id ?? labels.traceID) === chosen
    circle(ctx, dot, isChosen ? 5.5 : DOT)
    ctx.fillStyle = isChosen ? theme.accent : theme.surface
    ctx.fill()
    ctx.stroke()
    if (isChosen) ring(ctx, dot)
  }
  ctx.restore()
}

/** Around the one that is looked at; it lies over its neighbours. */
export function drawRing(ctx: Canvas, dot: Dot, theme: Theme): void {
  ctx.save()
  ctx.lineWidth = 1.5
  ctx.strokeStyle = theme.accent
  ring(ctx, dot)
  ctx.restore()
}

function circle(ctx: Canvas, { x, y }: Dot, radius: number): void {
  ctx.beginPath()
  ctx.arc(x, y, radius, 0, 2 * Math.PI)
}

function ring(ctx: Canvas, dot: Dot): void {
  circle(ctx, dot, 9)
  ctx.stroke()
}

/** Where the trace below is, in the run's time. */
export function drawFocus(ctx: Canvas, { box, x }: Plot, { start, end }: Range, theme: Theme): void {
  const [left, right] = [Math.max(box.left, x(start)), Math.min(box.left + box.width, x(end))]
  if (right < box.left || left > box.left + box.width) return
  ctx.save()
  ctx.fillStyle = theme.accent
  ctx.globalAlpha = 0.16
  ctx.fillRect(left, 0, Math.max(1, right - left), box.top + box.height + 40)
  ctx.restore()
}

/** A cell's shade is how many of all observations fell into it. */
export function drawHeat(ctx: Canvas, { box, x, y, least }: Plot, { cells, most }: Heat, theme: Theme): void {
  ctx.save()
  ctx.beginPath()
  ctx.rect(box.left, box.top, box.width, box.height)
  ctx.clip()
  ctx.fillStyle = theme.accent
  for (const { from, to, low, high, count } of cells) {
    const [left, right] = [x(from), x(to)]
    const bottom = y(Math.max(low, least))
    // What is not above zero has no place on a logarithm: it is told at its foot.
    const top = high <= least ? bottom - 5 : Number.isFinite(high) ? y(high) : box.top
    ctx.globalAlpha = 0.1 + 0.5 * Math.sqrt(count / most)
    ctx.fillRect(left, top + 0.5, Math.max(1, right - left - 1), Math.max(1, bottom - top - 1))
  }
  ctx.restore()
}
