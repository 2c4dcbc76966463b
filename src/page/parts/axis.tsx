import { useRef } from 'preact/hooks'
import { clock, duration } from '../time/format.ts'
import { percent, place, type Range, ticks } from '../time/scale.ts'
import { useSize } from './size.ts'

const LABEL_WIDTH = 62

/** The ruler of a band: moments of the clock, or counted from `origin`. */
export function Axis({ range, origin }: { range: Range; origin?: number | undefined }) {
  const ref = useRef<HTMLDivElement>(null)
  const { width } = useSize(ref)
  const most = Math.max(2, Math.floor(width / 96))
  return (
    <div class="axis" aria-hidden="true">
      <div class="gutter axis-unit">{origin === undefined ? 'time' : 'since its start'}</div>
      <div class="axis-line" ref={ref}>
        {ticks(range, most, origin ?? 0)
          // A label that would be cut says less than none.
          .filter(({ time }) => (1 - place(range, time)) * width > LABEL_WIDTH)
          .map(({ time, step }) => (
            <span key={time} class="tick" style={{ left: percent(range, time) }}>
              {origin === undefined ? clock(time, step < 1000) : duration(round(time - origin))}
            </span>
          ))}
      </div>
    </div>
  )
}

/** Floating point leaves dust behind: 0.30000000000000004. */
const round = (value: number) => Number(value.toPrecision(9))
