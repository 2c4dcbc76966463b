import type { RefObject } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Range } from '../time/scale.ts'
import type { Plot } from './plot.ts'

/** Less is a click with an unsteady hand. */
const LEAST = 8

/** A stretch of time that is drawn out with the pointer. */
export function useSelection(box: RefObject<HTMLElement | null>, plot: Plot, onRange: (range: Range) => void) {
  const [shown, show] = useState<{ left: number; width: number }>()
  const dragged = useRef(false)
  const begin = (event: PointerEvent) => {
    dragged.current = false
    if (event.button !== 0 || !event.isPrimary) return
    const inside = ({ clientX }: PointerEvent) => {
      const x = clientX - box.current!.getBoundingClientRect().left
      return Math.min(plot.box.left + plot.box.width, Math.max(plot.box.left, x))
    }
    const from = inside(event)
    const stretch = (now: PointerEvent) => {
      const to = inside(now)
      return { left: Math.min(from, to), width: Math.abs(to - from) }
    }
    const move = (now: PointerEvent) => {
      const drawn = stretch(now)
      dragged.current ||= drawn.width >= LEAST
      show(dragged.current ? drawn : undefined)
    }
    const over = new AbortController()
    const end = (now: PointerEvent) => {
      over.abort()
      show(undefined)
      const { left, width } = stretch(now)
      if (now.type !== 'pointerup' || width < LEAST) return
      onRange({ start: Math.floor(plot.timeAt(left)), end: Math.ceil(plot.timeAt(left + width)) })
    }
    addEventListener('pointermove', move, { signal: over.signal })
    addEventListener('pointerup', end, { signal: over.signal })
    addEventListener('pointercancel', end, { signal: over.signal })
  }
  return { shown, begin, wasDrag: () => dragged.current }
}
