import { useMemo, useState } from 'preact/hooks'
import type { TraceAnswer } from '../../page-server/answers.ts'
import type { ShownLine } from '../logs/line.ts'
import { Rows } from '../parts/rows.tsx'
import { visible } from '../parts/visible.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { duration } from '../time/format.ts'
import { place, type Range } from '../time/scale.ts'
import { type Row, type Stretch, type TraceLayout, unfolded } from './layout.ts'
import { ROW_HEIGHT } from './list.tsx'

interface Props {
  trace: TraceAnswer
  layout: TraceLayout
  range: Range
  lines: readonly ShownLine[]
  route: Route
}

/** Every span where and as long as it was, under the one that called it. */
export function Waterfall({ trace, layout, range, lines, route }: Props) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const rows = useMemo(() => unfolded(layout.rows, folded), [layout, folded])
  const stretches = useMemo(() => groupBy(layout.critical, ({ span }) => span.id), [layout])
  const linesOf = useMemo(() => groupBy(lines, ({ spanId }) => spanId ?? ''), [lines])
  const services = useMemo(() => [...new Set(trace.spans.map(({ service }) => service))], [trace])
  const active = route.span === undefined ? -1 : rows.findIndex(({ span }) => span.id === route.span)

  const fold = (row: Row | undefined, closed: boolean) => {
    if (row === undefined || row.below === 0) return
    const next = new Set(folded)
    if (closed) next.add(row.span.id)
    else next.delete(row.span.id)
    setFolded(next)
  }
  const choose = (row: Row | undefined) =>
    row && go({ span: row.span.id, line: undefined }, route.span === undefined ? 'step' : 'detail')
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: active + 10,
      PageUp: active - 10,
    }
    const row = rows[active]
    if (event.key === 'ArrowLeft') fold(row, true)
    else if (event.key === 'ArrowRight') fold(row, false)
    else if (moves[event.key] !== undefined) choose(rows[Math.min(rows.length - 1, Math.max(0, moves[event.key]!))])
    else return
    event.preventDefault()
  }
  const at = (ms: number) => place(range, trace.start + ms) * 100
  const long = (ms: number) => (ms / (range.end - range.start)) * 100
  return (
    <Rows
      count={rows.length}
      height={ROW_HEIGHT}
      role="tree"
      label={`spans of trace ${trace.traceId}; e goes to the next error`}
      active={active}
      activeId={active >= 0 ? `span-${rows[active]!.index}` : undefined}
      onKeyDown={onKeyDown}
      row={(i, slot) => {
        const row = rows[i]!
        const { span, depth, below, orphan } = row
        const closed = folded.has(span.id)
        const end = at(span.start + span.duration)
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus
          <div
            key={slot}
            id={`span-${row.index}`}
            role="treeitem"
            aria-level={depth + 1}
            aria-selected={i === active}
            {...(below > 0 ? { 'aria-expanded': !closed } : {})}
            class={`row span ${span.status === 'error' ? 'failed' : ''} ${i === active ? 'active' : ''}`}
            onClick={() => choose(row)}
          >
            <div class="gutter name" style={{ '--depth': Math.min(depth, 12) }}>
              {below > 0 ? (
                <button
                  type="button"
                  class="fold"
                  tabIndex={-1}
                  aria-hidden="true"
                  onClick={(event) => {
                    event.stopPropagation()
                    fold(row, !closed)
                  }}
                >
                  {closed ? '▸' : '▾'}
                </button>
              ) : (
                <i class="fold" />
              )}
              <span class="ellipsis" title={`${span.service} ${span.name}`}>
                <bdi>{visible(span.name)}</bdi>
              </span>
              {orphan && <span class="tag">parent missing</span>}
              {closed && <span class="tag">+{below}</span>}
              <span class="dim num">{duration(span.duration)}</span>
              {span.status === 'error' && <span class="hidden">failed</span>}
            </div>
            <div class="track">
              <span
                class={`bar service-${(services.indexOf(span.service) % 6) + 1}`}
                style={{ left: `${at(span.start)}%`, width: `max(2px, ${long(span.duration)}%)` }}
              />
              {stretches.get(span.id)?.map((stretch: Stretch) => (
                <i
                  key={stretch.start}
                  class="critical"
                  style={{ left: `${at(stretch.start)}%`, width: `max(1px, ${long(stretch.end - stretch.start)}%)` }}
                />
              ))}
              {span.events.map((event) => (
                <i
                  key={`${event.name} ${event.at}`}
                  class={`event ${event.name === 'exception' ? 'bad' : ''}`}
                  style={{ left: `${at(event.at)}%` }}
                  title={`event ${event.name}`}
                />
              ))}
              {linesOf.get(span.id)?.map(({ key, line, level, message }) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: keys reach it in the list of lines
                // biome-ignore lint/a11y/noStaticElementInteractions: keys reach it in the list of lines
                <i
                  key={key}
                  class={`line-dot level-${level} ${route.line === key || route.line === line.ns ? 'active' : ''}`}
                  style={{ left: `${place(range, line.time) * 100}%` }}
                  title={`${level}: ${message}`}
                  onClick={(event) => {
                    event.stopPropagation()
                    go({ line: key, span: span.id })
                  }}
                />
              ))}
              {span.status === 'error' && (
                <span
                  class={`bar-label ${isBeside(at(span.start), end) ? '' : 'on-bar'}`}
                  style={labelPlace(at(span.start), end)}
                >
                  <bdi>{visible(span.problem ?? 'failed')}</bdi>
                </span>
              )}
            </div>
          </div>
        )
      }}
    />
  )
}

/** Beside its bar where there is room, else on it. */
function labelPlace(start: number, end: number) {
  if (end <= 65) return { left: `${end}%`, maxWidth: `${100 - end}%` }
  if (start >= 35) return { right: `${100 - start}%`, maxWidth: `${start}%` }
  const left = Math.max(0, start)
  return { left: `${left}%`, maxWidth: `calc(${Math.min(100, end) - left}% - 36px)` }
}
const isBeside = (start: number, end: number) => end <= 65 || start >= 35

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const list = groups.get(key(item))
    if (list) list.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}
