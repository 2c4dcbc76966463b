import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import type { Exemplar, Series } from '../../page-server/answers.ts'
import { useSize } from '../parts/size.ts'
import { clock, type unitOf, withUnit } from '../time/format.ts'
import { place, type Range, sameRange } from '../time/scale.ts'
import { alignSeries } from './align.ts'
import { type Dot, drawDots, drawFocus, drawHeat, nearestDot, placeDots } from './draw.ts'
import { type Heat, shownBounds } from './heat.ts'
import { type Theme, useTheme } from './theme.ts'

interface Props {
  range: Range
  /** The stretch that the bands below show, where it is another. */
  focus: Range
  series: readonly Series[]
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

/** A metric over time with its exemplars as dots: each dot is one request that was counted. */
export function Chart(props: Props) {
  const { range, focus, series, heat, exemplars, onAxis, unit, perSecond, chosen } = props
  const box = useRef<HTMLDivElement>(null)
  const size = useSize(box)
  const theme = useTheme()
  const plot = useRef<uPlot>(undefined)
  const dots = useRef<Dot[]>([])
  const [at, setAt] = useState(-1)
  const latest = useRef({ ...props, at, theme })
  latest.current = { ...props, at, theme }

  const data = useMemo(() => alignSeries(heat ? [] : series, range), [series, heat, range.start, range.end])
  const shape = `${size.width}x${size.height} ${heat ? 'heat' : series.length} ${unit} ${perSecond} ${onAxis} ${props.stepped}`

  useLayoutEffect(() => {
    if (size.width === 0 || size.height === 0) return
    const options = optionsFor(latest, size, theme, (found) => {
      dots.current = found
    })
    const made = new uPlot(options, data, box.current!)
    plot.current = made
    return () => {
      plot.current = undefined
      made.destroy()
    }
  }, [shape, theme])

  useLayoutEffect(() => {
    const made = plot.current
    if (!made) return
    // Takes the scales anew too: see their `range`.
    made.setData(data)
  }, [data, heat, exemplars, chosen, at, shape, range.start, range.end, focus])

  useEffect(() => props.onHover(at === -1 ? undefined : dots.current[at]?.exemplar), [at])

  const hover = (event: MouseEvent) => {
    const bounds = box.current!.getBoundingClientRect()
    setAt(nearestDot(dots.current, event.clientX - bounds.left, event.clientY - bounds.top))
  }
  const choose = () => {
    const dot = dots.current[at]
    if (dot) props.onChoose(dot.exemplar)
  }
  const step = (event: KeyboardEvent) => {
    const count = dots.current.length
    const moves: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: count - 1 }
    const to = moves[event.key]
    if (to === undefined || count === 0) return
    event.preventDefault()
    setAt(((to % count) + count) % count)
  }
  const dot = dots.current[at]
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside is what keys and screen readers use
    <div
      class={`chart ${dot ? 'on-dot' : ''}`}
      ref={box}
      onMouseMove={hover}
      onMouseLeave={() => setAt(-1)}
      onClick={choose}
      onKeyDown={() => {}}
    >
      <button
        type="button"
        class="dot-button"
        style={dot ? { left: `${dot.x}px`, top: `${dot.y}px` } : { left: `${theme.gutter}px`, top: '14px' }}
        onKeyDown={step}
        onFocus={() => at === -1 && exemplars.length > 0 && setAt(0)}
        aria-label={
          dot
            ? `${at + 1} of ${exemplars.length}: ${describe(dot.exemplar, unit)}`
            : `${exemplars.length} exemplars: arrow keys go through them, Enter opens the trace`
        }
      />
      {dot && (
        <div
          class={`tip ${place(range, dot.exemplar.time) > 0.6 ? 'tip-left' : ''}`}
          style={{ left: `${dot.x}px`, top: `${dot.y}px` }}
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

const describe = (exemplar: Exemplar, unit: Props['unit']) =>
  `exemplar ${withUnit(exemplar.value, unit)} at ${clock(exemplar.time, true)}, trace ${traceOf(exemplar)}`

function optionsFor(
  latest: { current: Props & { at: number; theme: Theme } },
  size: { width: number; height: number },
  theme: Theme,
  onDots: (dots: Dot[]) => void,
): uPlot.Options {
  const { series, heat, unit, perSecond } = latest.current
  const font = '11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace'
  const shown = (value: number) => withUnit(value, unit, perSecond)
  return {
    ...size,
    legend: { show: false },
    padding: [6, 0, 4, 0],
    cursor: {
      points: { show: false },
      y: false,
      drag: { x: true, y: false, setScale: false },
    },
    scales: {
      x: {
        time: true,
        range: () => [latest.current.range.start / 1000, latest.current.range.end / 1000],
      },
      y: heat
        ? { distr: 3, range: () => heatRange(latest.current) }
        : { range: (_, min, max) => valueRange(min, max, latest.current.onAxis ? latest.current.exemplars : []) },
    },
    axes: [
      { show: false },
      {
        size: theme.gutter,
        stroke: theme.faint,
        font,
        grid: { stroke: theme.line, width: 1 },
        ticks: { show: false },
        gap: 8,
        space: 34,
        // A logarithmic axis would label powers of ten only.
        ...(heat ? { splits: () => boundsOf(latest.current), filter: (_: uPlot, splits: number[]) => splits } : {}),
        values: (_, splits) => splits.map((value) => (value === null ? '' : shown(value))),
      },
    ],
    series: [
      {},
      // Without a series uPlot has no value axis.
      ...(heat || series.length === 0 ? [undefined] : series).map((one, i) => ({
        stroke: one === undefined ? 'transparent' : theme.series[i % theme.series.length]!,
        width: 1.5,
        points: { show: false },
        ...(latest.current.stepped ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
        spanGaps: false,
      })),
    ],
    hooks: {
      drawAxes: [(plot) => latest.current.heat && drawHeat(plot, latest.current.heat, latest.current.theme)],
      draw: [
        (plot) => {
          const now = latest.current
          const found = placeDots(plot, now.exemplars, now.onAxis)
          onDots(found)
          if (!sameRange(now.focus, now.range)) drawFocus(plot, now.focus, now.theme)
          drawDots(plot, found, { chosen: now.chosen, at: now.at, theme: now.theme })
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select
          if (width < 8) return
          const at = (x: number) => plot.posToVal(x, 'x') * 1000
          const chosen = { start: Math.floor(at(left)), end: Math.ceil(at(left + width)) }
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
          latest.current.onRange(chosen)
        },
      ],
    },
  }
}

function heatRange({ heat, exemplars }: Props): [number, number] {
  const found =
    heat &&
    shownBounds(
      heat,
      exemplars.map(({ value }) => value).filter((value) => value > 0),
    )
  return found ? [found.low, found.high] : [0.01, 10]
}

function boundsOf(props: Props): number[] {
  const [low, high] = heatRange(props)
  return (props.heat?.bounds ?? []).filter((bound) => bound >= low && bound <= high)
}

/** From zero, unless something is below it; room for the exemplars' lane at the top. */
function valueRange(min: number | null, max: number | null, exemplars: readonly Exemplar[]): [number, number] {
  const values = exemplars.map(({ value }) => value)
  const low = Math.min(0, min ?? 0, ...values)
  const high = Math.max(max ?? 1, ...values)
  const room = (high - low || Math.abs(high) || 1) * 0.22
  return [low, high + room]
}
