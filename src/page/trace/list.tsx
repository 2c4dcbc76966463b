import { useState } from 'preact/hooks'
import type { FoundTrace } from '../../page-server/answers.ts'
import { Rows } from '../parts/rows.tsx'
import { visible } from '../parts/visible.ts'
import { prefetch } from '../state/answers.ts'
import { go } from '../state/navigation.ts'
import { clock, duration } from '../time/format.ts'
import { place, type Range } from '../time/scale.ts'
import { traceUrl } from '../walk/urls.ts'

export const ROW_HEIGHT = 26

/** All traces of the time, each where and as long as it was. */
export function TraceList({ traces, range }: { traces: readonly FoundTrace[]; range: Range }) {
  const [active, setActive] = useState(-1)
  const open = (trace: FoundTrace | undefined) =>
    trace && go({ trace: trace.traceId, span: undefined, line: undefined, logql: undefined })
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      Home: 0,
      End: traces.length - 1,
    }
    const to = moves[event.key]
    if (event.key === 'Enter') open(traces[active])
    if (to === undefined) return
    event.preventDefault()
    const next = Math.min(traces.length - 1, Math.max(0, to))
    setActive(next)
    prefetch(traceUrl(traces[next]!.traceId))
  }
  return (
    <Rows
      count={traces.length}
      height={ROW_HEIGHT}
      role="listbox"
      label="traces, by time"
      active={active}
      activeId={active >= 0 ? `trace-${active}` : undefined}
      onKeyDown={onKeyDown}
      row={(i, slot) => {
        const trace = traces[i]!
        const { traceId, name, start, duration: length, errors } = trace
        const left = place(range, start) * 100
        const width = (length / (range.end - range.start)) * 100
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
          <div
            key={slot}
            id={`trace-${i}`}
            role="option"
            aria-selected={i === active}
            class={`row ${errors > 0 ? 'failed' : ''} ${i === active ? 'active' : ''}`}
            onClick={() => open(trace)}
            onMouseEnter={() => prefetch(traceUrl(traceId))}
          >
            <div class="gutter name">
              <span class="ellipsis">
                <bdi>{visible(name || traceId.slice(0, 16))}</bdi>
              </span>
              <span class="dim num">{duration(length)}</span>
              <span class="hidden">
                at {clock(start, true)} {errors > 0 ? 'with errors' : ''}
              </span>
            </div>
            <div class="track">
              <span class="bar" style={{ left: `${left}%`, width: `max(4px, ${width}%)` }} />
            </div>
          </div>
        )
      }}
    />
  )
}
