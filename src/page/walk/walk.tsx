import { useMemo, useRef } from 'preact/hooks'
import type { LabAnswer, RunAnswer, TraceAnswer } from '../../page-server/answers.ts'
import { Details } from '../details/details.tsx'
import { LogBand } from '../logs/band.tsx'
import { indexOfLine, type ShownLine } from '../logs/line.ts'
import { useLines } from '../logs/use-lines.ts'
import { MetricBand } from '../metric/band.tsx'
import { useAnswer } from '../state/answers.ts'
import type { Route } from '../state/route.ts'
import type { Range } from '../time/scale.ts'
import { TraceBand } from '../trace/band.tsx'
import { layoutTrace } from '../trace/layout.ts'
import { useCursor } from './cursor.ts'
import { Lens } from './lens.tsx'
import { useStory } from './story.ts'
import { traceUrl } from './urls.ts'

interface Props {
  route: Route
  lab: LabAnswer | undefined
  runs: readonly RunAnswer[]
  now: number
}

/** A trace that is still being written is asked for again. */
const GROWING_MS = 1500
const YOUNG_MS = 60_000

/** The walk: metric, trace and lines on one axis. */
export function Walk({ route, lab, runs, now }: Props) {
  const story = useStory(route, lab, runs, now)
  const { range, logql, everyMs } = story
  const id = route.trace
  const young = id !== undefined && now - range.end < YOUNG_MS && everyMs !== undefined
  const trace = useAnswer<TraceAnswer>(id === undefined ? undefined : traceUrl(id), young ? GROWING_MS : undefined, id)
  const layout = useMemo(() => trace.data && layoutTrace(trace.data), [trace.data])
  const focus = useMemo<Range>(() => {
    if (id === undefined || !trace.data || !layout) return range
    const edge = Math.max(0.02, layout.length * 0.01)
    // Many a log's clock knows whole milliseconds only: its last line may seem to come after the last span.
    const late = Math.min(2, Math.max(0.05, layout.length * 0.1))
    return { start: trace.data.start - edge - late / 4, end: trace.data.start + layout.length + edge + late }
  }, [id, trace.data, layout, range.start, range.end])
  // A trace that is older than the run's range brings its own time for its lines.
  const window =
    id !== undefined && trace.data && (focus.start < range.start || focus.end > range.end)
      ? { start: Math.floor(focus.start) - 60_000, end: Math.ceil(focus.end) + 60_000 }
      : range
  const logs = useLines({
    ...{ query: logql, window, everyMs, live: route.live === 'on', wanted: route.line },
    advice: everyMs === undefined || route.logql !== undefined,
  })
  const { lines } = logs
  const bands = useRef<HTMLDivElement>(null)
  // With a trace open the bands below show its time, the one above the run's.
  useCursor(bands, range, id === undefined)
  const span = route.span === undefined ? undefined : layout?.byId.get(route.span)
  const line = lines[indexOfLine(lines, route.line)]
  return (
    <div class={`walk ${span || line ? 'with-details' : ''}`}>
      <div class="bands" ref={bands}>
        <MetricBand story={story} route={route} focus={focus} now={now} />
        <Lens range={range} focus={focus} />
        <TraceBand
          story={story}
          route={route}
          lab={lab}
          now={now}
          trace={trace}
          layout={layout}
          focus={focus}
          lines={id === undefined ? NONE : lines}
        />
        <LogBand story={story} route={route} logs={logs} focus={focus} now={now} />
      </div>
      {(span || line) && (
        <Details route={route} trace={trace.data} layout={layout} row={span} line={line} story={story} />
      )}
    </div>
  )
}

const NONE: ShownLine[] = []
