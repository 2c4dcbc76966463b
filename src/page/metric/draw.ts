import type uPlot from 'uplot'
import type { Exemplar } from '../../page-server/answers.ts'
import type { Range } from '../time/scale.ts'
import type { Heat } from './heat.ts'
import type { Theme } from './theme.ts'

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

/** On the value axis where they have a place there, else in lanes at the top, so that none hides another. */
export function placeDots(plot: uPlot, exemplars: readonly Exemplar[], onAxis: boolean): Dot[] {
  const { min = 0, max = 0 } = plot.scales.x!
  const left = plot.bbox.left / devicePixelRatio
  const top = plot.bbox.top / devicePixelRatio
  const lanes: number[] = []
  const dots: Dot[] = []
  for (const exemplar of [...exemplars].sort((a, b) => a.time - b.time)) {
    const seconds = exemplar.time / 1000
    if (seconds < min! || seconds > max!) continue
    const x = left + plot.valToPos(seconds, 'x')
    if (onAxis) {
      dots.push({ exemplar, x, y: top + plot.valToPos(exemplar.value, 'y') })
      continue
    }
    let lane = lanes.findIndex((last) => x - last >= LANE_STEP)
    if (lane === -1) lane = lanes.length < LANES ? lanes.length : lanes.indexOf(Math.min(...lanes))
    lanes[lane] = x
    dots.push({ exemplar, x, y: top + LANE_TOP + lane * LANE_STEP })
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
  plot: uPlot,
  dots: readonly Dot[],
  { chosen, at, theme }: { chosen: string | undefined; at: number; theme: Theme },
): void {
  const { ctx } = plot
  ctx.save()
  ctx.scale(devicePixelRatio, devicePixelRatio)
  const circle = ({ x, y }: Dot, radius: number) => {
    ctx.beginPath()
    ctx.arc(x, y, radius, 0, 2 * Math.PI)
  }
  dots.forEach((dot, i) => {
    const { labels } = dot.exemplar
    const isChosen = chosen !== undefined && (labels.trace_id ?? labels.traceID) === chosen
    ctx.lineWidth = 1.5
    circle(dot, isChosen ? 5.5 : 4)
    ctx.fillStyle = isChosen ? theme.accent : theme.surface
    ctx.strokeStyle = theme.accent
    ctx.fill()
    ctx.stroke()
    if (i !== at && !isChosen) return
    circle(dot, 9)
    ctx.stroke()
  })
  ctx.restore()
}

/** Where the trace below is, in the run's time. */
export function drawFocus(plot: uPlot, { start, end }: Range, theme: Theme): void {
  const { ctx, bbox } = plot
  const left = plot.valToPos(start / 1000, 'x', true)
  const width = Math.max(devicePixelRatio, plot.valToPos(end / 1000, 'x', true) - left)
  ctx.save()
  ctx.fillStyle = theme.accent
  ctx.globalAlpha = 0.16
  ctx.fillRect(left, bbox.top, width, bbox.height + 40)
  ctx.restore()
}

/** A cell's shade is how many of all observations fell into it. */
export function drawHeat(plot: uPlot, { cells, most }: Heat, theme: Theme): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.fillStyle = theme.accent
  const lowest = plot.scales.y!.min ?? 0.001
  for (const { from, to, low, high, count } of cells) {
    const left = plot.valToPos(from / 1000, 'x', true)
    const right = plot.valToPos(to / 1000, 'x', true)
    const bottom = plot.valToPos(Math.max(low, lowest), 'y', true)
    const top = Number.isFinite(high) ? plot.valToPos(high, 'y', true) : bbox.top
    ctx.globalAlpha = 0.1 + 0.5 * Math.sqrt(count / most)
    ctx.fillRect(left, top + 0.5, Math.max(1, right - left - 1), Math.max(1, bottom - top - 1))
  }
  ctx.restore()
}
