import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { TraceAnswer } from '../../page-server/answers.ts'
import { useTheme } from '../metric/theme.ts'
import { useSize } from '../parts/size.ts'
import { visible } from '../parts/visible.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { duration } from '../time/format.ts'
import { place, type Range } from '../time/scale.ts'
import { lanesOf, neighbour } from './lanes.ts'
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

/** The same spans as a flame, or rather its icicle: time along, callers above what they called, one row a depth. */
export function Flame({ trace, layout, range, route }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width, height } = useSize(box)
  const theme = useTheme()
  const [over, setOver] = useState<Row>()
  const [top, setTop] = useState(0)
  const lanes = useMemo(() => lanesOf(layout), [layout])
  const plot = width - theme.gutter
  const left = (row: Row) => place(range, trace.start + row.span.start) * plot + theme.gutter
  const long = (row: Row) => Math.max(1, (row.span.duration / (range.end - range.start)) * plot)
  const chosen = route.span === undefined ? undefined : layout.byId.get(route.span)

  // As large as what is seen of it, however deep the trace: no canvas can be as high as ten thousand lanes.
  useLayoutEffect(() => {
    const element = canvas.current
    const ctx = element?.getContext('2d')
    if (!element || !ctx || plot <= 0) return
    const ratio = devicePixelRatio
    element.width = width * ratio
    element.height = height * ratio
    ctx.scale(ratio, ratio)
    ctx.font = '11px system-ui, sans-serif'
    ctx.textBaseline = 'middle'
    const first = Math.floor(top / HEIGHT)
    lanes.slice(first, first + Math.ceil(height / HEIGHT) + 1).forEach((lane, i) => {
      for (const row of lane) {
        const [x, wide, y] = [left(row), long(row), (first + i) * HEIGHT - top]
        const active = row === chosen || row === over
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
        ctx.fillText(`${visible(row.span.name)}  ${duration(row.span.duration)}`, x + 5, y + HEIGHT / 2)
        ctx.restore()
      }
    })
  }, [lanes, width, height, top, plot, range.start, range.end, chosen, over, theme])

  const lane = chosen && lanes.findIndex((rows) => rows.includes(chosen))
  useLayoutEffect(() => {
    const element = box.current
    if (!element || lane === undefined) return
    const [from, to] = [lane * HEIGHT, (lane + 1) * HEIGHT]
    if (from < element.scrollTop) element.scrollTop = from
    else if (to > element.scrollTop + element.clientHeight) element.scrollTop = to - element.clientHeight
  }, [lane])

  const at = (event: MouseEvent): Row | undefined => {
    const bounds = canvas.current!.getBoundingClientRect()
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top + top]
    return lanes[Math.floor(y / HEIGHT)]?.findLast((row) => x >= left(row) && x <= left(row) + Math.max(3, long(row)))
  }
  const choose = (row: Row | undefined) =>
    row && go({ span: row.span.id, line: undefined }, chosen === undefined ? 'step' : 'detail')
  const onKeyDown = (event: KeyboardEvent) => {
    const to = neighbour(layout, chosen, event.key)
    if (to === undefined) return
    event.preventDefault()
    choose(to)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture that one steps through
    <div
      class="rows"
      ref={box}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go through it
      tabIndex={0}
      aria-label={`flame view of ${layout.rows.length} spans: up to the caller, down to what it called, left and right beside it`}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: `${lanes.length * HEIGHT}px` }}>
        <canvas
          ref={canvas}
          class="flame"
          style={{ height: `${height}px` }}
          role="img"
          aria-label={chosen ? `${chosen.span.name}, ${duration(chosen.span.duration)}` : 'no span chosen'}
          title={over ? `${over.span.name} ${duration(over.span.duration)}` : ''}
          onMouseMove={(event) => setOver(at(event))}
          onMouseLeave={() => setOver(undefined)}
          onClick={(event) => choose(at(event))}
        />
      </div>
    </div>
  )
}
