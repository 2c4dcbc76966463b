import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { TraceAnswer } from '../../page-server/answers.ts'
import { useTheme } from '../metric/theme.ts'
import { useSize } from '../parts/size.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { duration } from '../time/format.ts'
import { place, type Range } from '../time/scale.ts'
import type { Row, TraceLayout } from './layout.ts'

interface Props {
  trace: TraceAnswer
  layout: TraceLayout
  range: Range
  route: Route
}

const HEIGHT = 20
/** Narrower, a name cannot be read. */
const NAME_WIDTH = 34
/** What a canvas can be high. */
const MOST_DEPTH = 400

/** The same spans as a flame, or rather its icicle: time along, callers above what they called, one row a depth. */
export function Flame({ trace, layout, range, route }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width } = useSize(box)
  const theme = useTheme()
  const [over, setOver] = useState<Row>()
  const lanes = useMemo(() => lanesOf(layout), [layout])
  const plot = width - theme.gutter
  const left = (row: Row) => place(range, trace.start + row.span.start) * plot + theme.gutter
  const long = (row: Row) => Math.max(1, (row.span.duration / (range.end - range.start)) * plot)

  useLayoutEffect(() => {
    const element = canvas.current
    const ctx = element?.getContext('2d')
    if (!element || !ctx || plot <= 0) return
    const ratio = devicePixelRatio
    element.width = width * ratio
    element.height = lanes.length * HEIGHT * ratio
    ctx.scale(ratio, ratio)
    ctx.font = '11px system-ui, sans-serif'
    ctx.textBaseline = 'middle'
    lanes.forEach((lane, depth) => {
      for (const row of lane) {
        const [x, wide, y] = [left(row), long(row), depth * HEIGHT]
        const active = row.span.id === route.span || row === over
        ctx.globalAlpha = active ? 1 : 0.55
        ctx.fillStyle = row.span.status === 'error' ? theme.error : theme.accent
        ctx.fillRect(x, y + 1, Math.max(1, wide - 1), HEIGHT - 2)
        if (wide < NAME_WIDTH) continue
        ctx.globalAlpha = 1
        ctx.fillStyle = active ? theme.surface : theme.text
        ctx.save()
        ctx.beginPath()
        ctx.rect(x, y, wide - 4, HEIGHT)
        ctx.clip()
        ctx.fillText(`${row.span.name}  ${duration(row.span.duration)}`, x + 5, y + HEIGHT / 2)
        ctx.restore()
      }
    })
  }, [lanes, width, plot, range.start, range.end, route.span, over, theme])

  const at = (event: MouseEvent): Row | undefined => {
    const bounds = canvas.current!.getBoundingClientRect()
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top]
    return lanes[Math.floor(y / HEIGHT)]?.findLast((row) => x >= left(row) && x <= left(row) + Math.max(3, long(row)))
  }
  return (
    <div class="rows" ref={box}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`flame view of ${layout.rows.length} spans; the waterfall has them as a list`}
        style={{ width: '100%', height: `${lanes.length * HEIGHT}px`, display: 'block' }}
        title={over ? `${over.span.name} ${duration(over.span.duration)}` : ''}
        onMouseMove={(event) => setOver(at(event))}
        onMouseLeave={() => setOver(undefined)}
        onClick={(event) => {
          const row = at(event)
          if (row) go({ span: row.span.id, line: undefined })
        }}
      />
    </div>
  )
}

/** By depth; spans of one parent that overlap in time go into lanes of their own. */
function lanesOf({ rows }: TraceLayout): Row[][] {
  const lanes: Row[][] = []
  const ends: number[] = []
  const laneOf = new Map<string, number>()
  for (const row of rows) {
    const above = row.span.parent === undefined ? -1 : (laneOf.get(row.span.parent) ?? -1)
    let lane = above + 1
    while ((ends[lane] ?? Number.NEGATIVE_INFINITY) > row.span.start + 1e-6 && lane < MOST_DEPTH) lane++
    const list = lanes[lane]
    if (list) list.push(row)
    else lanes[lane] = [row]
    ends[lane] = Math.max(ends[lane] ?? 0, row.span.start + row.span.duration)
    laneOf.set(row.span.id, lane)
  }
  return Array.from(lanes, (lane) => lane ?? [])
}
