import { useLayoutEffect, useRef } from 'preact/hooks'
import { useSize } from '../parts/size.ts'
import { place, type Range } from '../time/scale.ts'
import { indexOfLine, type Level, type ShownLine } from './line.ts'

const HEIGHT = 18
/** What is worse is drawn over what is not. */
const ORDER: Level[] = ['unknown', 'debug', 'info', 'warn', 'error']

/** Every line as a tick at its moment, on the axis of the bands above. */
export function LineTrack({
  lines,
  range,
  chosen,
}: {
  lines: readonly ShownLine[]
  range: Range
  chosen: string | undefined
}) {
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width } = useSize(box)
  useLayoutEffect(() => {
    const element = canvas.current
    const ctx = element?.getContext('2d')
    if (!element || !ctx || width === 0) return
    const ratio = devicePixelRatio
    element.width = width * ratio
    element.height = HEIGHT * ratio
    ctx.scale(ratio, ratio)
    const style = getComputedStyle(document.documentElement)
    const drawn = new Set<number>()
    for (const level of ORDER) {
      ctx.fillStyle = style.getPropertyValue(`--level-${level}`)
      drawn.clear()
      for (const shown of lines) {
        if (shown.level !== level) continue
        const x = Math.round(place(range, shown.line.time) * width)
        if (x < 0 || x > width || drawn.has(x)) continue
        drawn.add(x)
        ctx.fillRect(x - 1, level === 'error' ? 2 : 5, 2, level === 'error' ? HEIGHT - 4 : HEIGHT - 10)
      }
    }
    const active = lines[indexOfLine(lines, chosen)]
    if (active) {
      ctx.fillStyle = style.getPropertyValue('--accent')
      ctx.fillRect(place(range, active.line.time) * width - 1.5, 0, 3, HEIGHT)
    }
  }, [lines, range.start, range.end, width, chosen])
  return (
    <div class="line-track" aria-hidden="true">
      <div class="gutter" />
      <div class="track" ref={box}>
        <canvas ref={canvas} style={{ width: '100%', height: `${HEIGHT}px` }} />
      </div>
    </div>
  )
}
