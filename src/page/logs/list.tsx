import { useMemo } from 'preact/hooks'
import { Rows } from '../parts/rows.tsx'
import { visible } from '../parts/visible.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { clock } from '../time/format.ts'
import { tellStep } from '../walk/tell.ts'
import { indexOfLine, type ShownLine } from './line.ts'

const ROW_HEIGHT = 24
const FIELDS = 6

interface Props {
  lines: readonly ShownLine[]
  route: Route
  run: string | undefined
  /** Stay at the end as lines come. */
  follow: boolean
}

export function LogList({ lines, route, run, follow }: Props) {
  const active = useMemo(() => indexOfLine(lines, route.line), [lines, route.line])
  const choose = (shown: ShownLine | undefined) => {
    if (!shown) return
    if (shown.traceId) tellStep({ run, step: 'line', trace: shown.traceId, line: shown.line.ns })
    // Its span comes with it, where it is in the trace that is open.
    const span = route.trace !== undefined && shown.traceId === route.trace ? { span: shown.spanId } : {}
    go({ line: shown.key, ...span }, route.line === undefined ? 'step' : 'detail')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      Home: 0,
      End: lines.length - 1,
      PageDown: active + 10,
      PageUp: active - 10,
    }
    const to = moves[event.key]
    if (event.key === 'Enter') openTrace(lines[active], route)
    if (to === undefined) return
    event.preventDefault()
    choose(lines[Math.min(lines.length - 1, Math.max(0, to))])
  }
  return (
    <Rows
      count={lines.length}
      items={lines}
      height={ROW_HEIGHT}
      role="listbox"
      label="log lines, by time"
      active={active}
      activeId={active >= 0 ? `line-${active}` : undefined}
      onKeyDown={onKeyDown}
      follow={follow}
      row={(i, slot) => {
        const shown = lines[i]!
        const { line, level, message, fields } = shown
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
          <div
            key={slot}
            id={`line-${i}`}
            role="option"
            aria-selected={i === active}
            class={`row line level-${level} ${i === active ? 'active' : ''}`}
            onClick={() => choose(shown)}
          >
            <div class="gutter name">
              <time class="num dim">
                {clock(line.time)}
                <span class="fraction">{clock(line.time, true).slice(8)}</span>
              </time>
              <b class="level">{level === 'unknown' ? '' : level}</b>
            </div>
            <div class="message ellipsis">
              <bdi>{visible(message)}</bdi>
              {fields.slice(0, FIELDS).map(([name, value]) => (
                <span key={name} class="field">
                  <span class="dim">{name}=</span>
                  <bdi>{value}</bdi>
                </span>
              ))}
            </div>
          </div>
        )
      }}
    />
  )
}

/** From a line to the trace that it belongs to. */
export function openTrace(shown: ShownLine | undefined, route: Route): void {
  if (shown?.traceId && shown.traceId !== route.trace)
    go({ trace: shown.traceId, span: shown.spanId, logql: undefined })
}
