import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { clock } from '../time/format.ts'
import type { Range } from '../time/scale.ts'

/**
 * One line through all bands under the pointer, with its moment: they share their axis. It is drawn by the style sheet
 * from an attribute, so that a moving pointer renders nothing.
 */
export function useCursor(bands: RefObject<HTMLElement | null>, range: Range, shown: boolean): void {
  useEffect(() => {
    const element = bands.current
    if (!element || !shown) return
    const move = ({ clientX, pointerType }: PointerEvent) => {
      const box = element.getBoundingClientRect()
      const gutter = Number.parseFloat(getComputedStyle(element).getPropertyValue('--gutter')) || 0
      const x = clientX - box.left
      if (x < gutter || pointerType === 'touch') return leave()
      const at = (x - gutter) / (box.width - gutter)
      element.style.setProperty('--cursor', `${x}px`)
      element.dataset.cursor = clock(range.start + at * (range.end - range.start), true)
    }
    const leave = () => void delete element.dataset.cursor
    element.addEventListener('pointermove', move)
    element.addEventListener('pointerleave', leave)
    return () => {
      leave()
      element.removeEventListener('pointermove', move)
      element.removeEventListener('pointerleave', leave)
    }
  }, [bands, range.start, range.end, shown])
}
