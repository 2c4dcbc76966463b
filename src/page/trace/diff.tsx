import { useMemo } from 'preact/hooks'
import type { FoundTrace, TraceAnswer } from '../../page-server/answers.ts'
import { Rows } from '../parts/rows.tsx'
import { FaultSaid, Said } from '../parts/said.tsx'
import { visible } from '../parts/visible.ts'
import { useAnswer } from '../state/answers.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { clock, duration } from '../time/format.ts'
import { traceUrl } from '../walk/urls.ts'
import { compareTraces, type Pair } from './compare.ts'
import { layoutTrace, type TraceLayout } from './layout.ts'
import { ROW_HEIGHT } from './list.tsx'

interface Props {
  layout: TraceLayout
  traces: readonly FoundTrace[]
  route: Route
}

/** This trace beside another: which steps took longer, which failed, which only one of them has. */
export function Diff({ layout, traces, route }: Props) {
  const others = traces.filter(({ traceId }) => traceId !== route.trace)
  const other = route.other ?? others[0]?.traceId
  const { data, fault } = useAnswer<TraceAnswer>(other === undefined ? undefined : traceUrl(other))
  const pairs = useMemo(() => (data ? compareTraces(layout, layoutTrace(data)) : []), [layout, data])
  const most = pairs.reduce((found, { total }) => Math.max(found, ...total), 0) || 1
  const active = route.span === undefined ? -1 : pairs.findIndex(({ span }) => span === route.span)
  const choose = (pair: Pair | undefined) =>
    pair?.span && go({ span: pair.span, line: undefined }, route.span === undefined ? 'step' : 'detail')
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    let at = active + step
    // What only the other trace has is no span of this one.
    while (pairs[at] && pairs[at]!.span === undefined) at += step
    choose(pairs[at])
  }
  if (other === undefined) return <Said title="There is no other trace in this time to compare with" />
  if (fault) return <FaultSaid fault={fault} />
  return (
    <>
      <div class="diff-head">
        <span class="gutter axis-unit">compared</span>
        <span class="which">
          <i class="swatch series-1" aria-hidden="true" /> this trace
        </span>
        <label class="select which">
          <i class="swatch series-3" aria-hidden="true" />
          <span class="hidden">the other trace</span>
          <select value={other} onChange={(event) => go({ other: event.currentTarget.value }, 'detail')}>
            {others.some(({ traceId }) => traceId === other) ? null : (
              <option value={other}>{other.slice(0, 16)}…</option>
            )}
            {others.map(({ traceId, name, start, duration: long, errors }) => (
              <option key={traceId} value={traceId}>
                {clock(start, true)} {name} {duration(long)} {errors > 0 ? 'failed' : ''} {traceId.slice(0, 8)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Rows
        count={pairs.length}
        height={ROW_HEIGHT}
        role="listbox"
        label="steps of both traces"
        active={active}
        activeId={active >= 0 ? `step-${active}` : undefined}
        onKeyDown={onKeyDown}
        row={(i, slot) => {
          const { name, depth, count, total, failed } = pairs[i]!
          const change = total[1] - total[0]
          const only = count[0] === 0 ? 'only in the other' : count[1] === 0 ? 'only in this' : ''
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
            <div
              key={slot}
              id={`step-${i}`}
              role="option"
              aria-selected={i === active}
              class={`row span compared ${failed[0] !== failed[1] ? 'failed' : ''} ${i === active ? 'active' : ''}`}
              onClick={() => choose(pairs[i])}
            >
              <div class="gutter name" style={{ '--depth': Math.min(depth + 1, 12) }}>
                <span class="ellipsis">
                  <bdi>{visible(name)}</bdi>
                </span>
                <span class="dim num">
                  {`${change > 0 ? '+' : change < 0 ? '−' : ''}${duration(Math.abs(change))}`}
                </span>
              </div>
              <div class="track">
                <span class="bar half" style={{ width: `${(total[0] / most) * 70}%` }} />
                <span class="bar half second" style={{ width: `${(total[1] / most) * 70}%` }} />
                <span class="bar-label plain" style={{ left: `${(Math.max(...total) / most) * 70}%` }}>
                  {only || `${duration(total[0])} · ${duration(total[1])}`}
                </span>
              </div>
            </div>
          )
        }}
      />
    </>
  )
}
