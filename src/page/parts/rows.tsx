import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

interface Props {
  count: number
  /** Pixels; every row has the same height, so that a million are as quick as ten. */
  height: number
  label: string
  role: 'listbox' | 'tree'
  /** Kept in sight. */
  active?: number | undefined
  class?: string
  /** The element id of the active row, for screen readers. */
  activeId?: string | undefined
  /** `slot` is its key: rows that leave are the elements of those that come, none is made while one scrolls. */
  row(index: number, slot: number): ComponentChildren
  onKeyDown?(event: KeyboardEvent): void
  /** The end of the list is in sight. */
  onEnd?(): void
  /** Go to the end, and stay there as rows come; who scrolled up to read stays where he reads. */
  follow?: boolean
  /** What the rows show, where some come or go above: what is in sight stays there. */
  items?: readonly { key: string }[]
}

const OVERSCAN = 8
/** Browsers draw no element that is much taller: beyond it the scrollbar is stretched. */
const MAX_HEIGHT = 8_000_000

/** A list of which only the rows in sight are there. */
export function Rows(props: Props) {
  const { count, height, active, row, follow, items } = props
  const box = useRef<HTMLDivElement>(null)
  const before = useRef<{ items?: Props['items']; atEnd: boolean }>({ atEnd: true })
  const [seen, setSeen] = useState({ top: 0, size: 600 })
  const total = Math.min(count * height, MAX_HEIGHT)
  const stretch = count * height > MAX_HEIGHT ? (count * height - seen.size) / (MAX_HEIGHT - seen.size) : 1
  const first = Math.max(0, Math.floor((seen.top * stretch) / height) - OVERSCAN)
  const last = Math.min(count, Math.ceil((seen.top * stretch + seen.size) / height) + OVERSCAN)

  const see = () => {
    const { scrollTop: top, clientHeight: size } = box.current!
    setSeen((old) => (old.top === top && old.size === size ? old : { top, size }))
  }

  useLayoutEffect(() => {
    const element = box.current!
    const look = () => {
      const { scrollTop, clientHeight, scrollHeight } = element
      before.current.atEnd = scrollTop + clientHeight >= scrollHeight - height
      see()
    }
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])

  useLayoutEffect(() => {
    const element = box.current!
    if (active === undefined || active < 0) return
    const top = (active * height) / stretch
    if (top < element.scrollTop) element.scrollTop = Math.max(0, top - height * 2)
    else if (top + height > element.scrollTop + element.clientHeight)
      element.scrollTop = top + height * 3 - element.clientHeight
  }, [active, height, stretch])

  useLayoutEffect(() => {
    before.current.atEnd = true
  }, [follow])

  useLayoutEffect(() => {
    const element = box.current!
    const { items: old, atEnd } = before.current
    before.current.items = items
    if (follow && atEnd) element.scrollTop = element.scrollHeight
    else if (old && items && old !== items) {
      const at = Math.floor((element.scrollTop * stretch) / height)
      const key = old[at]?.key
      const now = at === 0 || items[at]?.key === key ? at : items.findIndex((one) => one.key === key)
      if (now !== -1 && now !== at) element.scrollTop += ((now - at) * height) / stretch
    }
    see()
  }, [follow, count, items])

  useEffect(() => {
    if (count > 0 && last >= count) props.onEnd?.()
  }, [last, count])

  const rows = []
  // As many as are ever seen at once, and the same number as long as the size is.
  const slots = Math.ceil(seen.size / height) + 2 * OVERSCAN + 2
  for (let index = first; index < last; index++) rows.push(row(index, index % slots))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role is listbox or tree
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: its role is listbox or tree
    <div
      ref={box}
      class={`rows ${props.class ?? ''}`}
      role={props.role}
      aria-label={props.label}
      aria-activedescendant={props.activeId}
      tabIndex={0}
      onKeyDown={props.onKeyDown}
    >
      <div class="rows-all" role="presentation" style={{ height: `${total}px` }}>
        <div
          class="rows-seen"
          role="presentation"
          style={{ transform: `translateY(${Math.round((first * height) / stretch)}px)` }}
        >
          {rows}
        </div>
      </div>
    </div>
  )
}
