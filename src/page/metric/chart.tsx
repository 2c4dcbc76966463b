import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Exemplar, Series } from '../../page-server/answers.ts'
import { useKeys } from '../parts/keys.ts'
import { useSize } from '../parts/size.ts'
import { clock, type unitOf, withUnit } from '../time/format.ts'
import { type Range, sameRange } from '../time/scale.ts'
import { drawAxis, drawDots, drawFocus, drawHeat, drawRing, drawSeries, nearestDot, placeDots } from './draw.ts'
import type { Heat } from './heat.ts'
import { plotOf } from './plot.ts'
import { scaleOf } from './scale.ts'
import { useTheme } from './theme.ts'
import { useSelection } from './use-selection.ts'

interface Props {
  range: Range
  /** The stretch that the bands below show, where it is another. */
  focus: Range
  series: readonly Series[]
  /** Of each series, by its number in the theme. */
  colours: readonly number[]
  /** Values further apart than this have none between them. */
  stepMs: number
  /** Instead of lines. */
  heat?: Heat | undefined
  exemplars: readonly Exemplar[]
  /** Exemplars' values are on the axis, as those of a histogram. */
  onAxis: boolean
  unit: ReturnType<typeof unitOf>
  perSecond: boolean
  /** A counter stays what it is until it is looked at again. */
  stepped: boolean
  chosen: string | undefined
  onChoose(exemplar: Exemplar): void
  onHover(exemplar: Exemplar | undefined): void
  onRange(range: Range): void
}

const traceOf = ({ labels }: Exemplar) => labels.trace_id ?? labels.traceID ?? ''

/** Room for what a dot is: beside it, and below the chart's edge. */
const [TIP_WIDTH, TIP_TOP] = [190, 24]

/**
 * A metric over time with its exemplars as dots: each dot is one request that was counted. Three canvases: a pointer
 * that moves over the dots draws neither five hundred series nor two thousand dots anew.
 */
export function Chart(props: Props) {
  const { range, focus, series, colours, stepMs, heat, exemplars, onAxis, unit, perSecond, stepped, chosen } = props
  const box = useRef<HTMLDivElement>(null)
  const below = useRef<HTMLCanvasElement>(null)
  const between = useRef<HTMLCanvasElement>(null)
  const above = useRef<HTMLCanvasElement>(null)
  const size = useSize(box)
  const theme = useTheme()
  const [at, setAt] = useState(-1)
  const scale = useMemo(
    () => scaleOf({ series, heat, exemplars, onAxis, unit }),
    [series, heat, exemplars, onAxis, unit],
  )
  const plot = useMemo(
    () => plotOf(size, theme.gutter, range, scale),
    [size.width, size.height, theme, range.start, range.end, scale],
  )
  const dots = useMemo(() => placeDots(plot, exemplars, onAxis), [plot, exemplars, onAxis])
  // Dots come and go around the one that is looked at.
  const before = useRef(dots)
  if (before.current !== dots) {
    const old = before.current[at]?.exemplar
    before.current = dots
    const now = old ? dots.findIndex(({ exemplar }) => isSame(exemplar, old)) : -1
    if (now !== at) setAt(now)
  }
  const dot = dots[at]

  useLayoutEffect(() => {
    const ctx = cleared(below.current, size)
    if (!ctx) return
    if (heat) drawHeat(ctx, plot, heat, theme)
    // Nothing has no scale.
    if (heat || series.length + exemplars.length > 0) {
      drawAxis(ctx, plot, theme, (value) => withUnit(value, unit, perSecond))
    }
    if (!heat) drawSeries(ctx, plot, series, { theme, colours, stepMs, stepped })
  }, [plot, series, heat, exemplars, theme, unit, perSecond, stepMs, stepped])

  useLayoutEffect(() => {
    const ctx = cleared(between.current, size)
    if (!ctx) return
    if (!sameRange(focus, range)) drawFocus(ctx, plot, focus, theme)
    drawDots(ctx, dots, { chosen, theme })
  }, [plot, dots, chosen, theme, focus.start, focus.end])

  useLayoutEffect(() => {
    const ctx = cleared(above.current, size)
    if (ctx && dot) drawRing(ctx, dot, theme)
  }, [plot, dot, theme])

  useEffect(() => props.onHover(dot?.exemplar), [dot])

  const selection = useSelection(box, plot, props.onRange)
  const zoom = (factor: number) => {
    const half = Math.max(1, ((range.end - range.start) * factor) / 2)
    const centre = Math.min(range.end, Math.max(range.start, dot?.exemplar.time ?? (range.start + range.end) / 2))
    props.onRange({ start: Math.floor(centre - half), end: Math.ceil(centre + half) })
  }
  useKeys({ '+': () => zoom(0.5), '=': () => zoom(0.5), '-': () => zoom(2) })
  const hover = (event: MouseEvent) => {
    const bounds = box.current!.getBoundingClientRect()
    setAt(nearestDot(dots, event.clientX - bounds.left, event.clientY - bounds.top))
  }
  const choose = () => {
    if (dot && !selection.wasDrag()) props.onChoose(dot.exemplar)
  }
  const step = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: dots.length - 1 }
    const to = moves[event.key]
    if (to === undefined || dots.length === 0) return
    event.preventDefault()
    setAt(((to % dots.length) + dots.length) % dots.length)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside is what keys and screen readers use
    <div
      class={`chart ${dot ? 'on-dot' : ''}`}
      ref={box}
      onMouseMove={hover}
      onMouseLeave={() => setAt(-1)}
      onPointerDown={selection.begin}
      onClick={choose}
      onKeyDown={() => {}}
    >
      <canvas ref={below} />
      <canvas ref={between} />
      <canvas ref={above} />
      {selection.shown && (
        <div class="selection" style={{ left: `${selection.shown.left}px`, width: `${selection.shown.width}px` }} />
      )}
      <button
        type="button"
        class="dot-button"
        style={dot ? { left: `${dot.x}px`, top: `${dot.y}px` } : { left: `${theme.gutter}px`, top: '14px' }}
        onKeyDown={step}
        onFocus={() => at === -1 && dots.length > 0 && setAt(0)}
        aria-label={
          dot
            ? `${at + 1} of ${dots.length}: ${describe(dot.exemplar, unit)}`
            : `${exemplars.length} exemplars: arrow keys go through them, Enter opens the trace`
        }
      />
      {dot && (
        <div
          class={`tip ${dot.x + TIP_WIDTH > size.width ? 'tip-left' : ''}`}
          style={{ left: `${dot.x}px`, top: `${Math.max(dot.y, TIP_TOP)}px` }}
          aria-hidden="true"
        >
          <b>{withUnit(dot.exemplar.value, unit)}</b> at {clock(dot.exemplar.time, true)}
          <br />
          trace {traceOf(dot.exemplar).slice(0, 8) || 'not named'}
        </div>
      )}
    </div>
  )
}

const isSame = (one: Exemplar, other: Exemplar) =>
  one === other ||
  (one.time === other.time &&
    one.value === other.value &&
    traceOf(one) === traceOf(other) &&
    JSON.stringify(one.series) === JSON.stringify(other.series))

const describe = (exemplar: Exemplar, unit: Props['unit']) =>
  `exemplar ${withUnit(exemplar.value, unit)} at ${clock(exemplar.time, true)}, trace ${traceOf(exemplar)}`

/** As large as its place, in the screen's own pixels; whoever draws thinks in CSS pixels. */
function cleared(canvas: HTMLCanvasElement | null, { width, height }: { width: number; height: number }) {
  const ctx = canvas?.getContext('2d')
  if (!canvas || !ctx || width === 0 || height === 0) return undefined
  canvas.width = Math.round(width * devicePixelRatio)
  canvas.height = Math.round(height * devicePixelRatio)
  ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
  return ctx
}
