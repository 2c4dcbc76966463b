import type { LabAnswer, TraceAnswer, TracesAnswer } from '../../page-server/answers.ts'
import type { ShownLine } from '../logs/line.ts'
import { Axis } from '../parts/axis.tsx'
import { Band } from '../parts/band.tsx'
import { useKeys } from '../parts/keys.ts'
import { isTraceId } from '../parts/language.ts'
import { lazy } from '../parts/lazy.tsx'
import { Advice, FaultSaid, Hint, Said } from '../parts/said.tsx'
import { Way } from '../parts/way.tsx'
import { urlOf, useAnswer } from '../state/answers.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { duration } from '../time/format.ts'
import type { Range } from '../time/scale.ts'
import type { Story } from '../walk/story.ts'
import { nextError } from './errors.ts'
import type { TraceLayout } from './layout.ts'
import { TraceList } from './list.tsx'
import { Waterfall } from './waterfall.tsx'

interface Props {
  story: Story
  route: Route
  lab: LabAnswer | undefined
  now: number
  trace: { data?: TraceAnswer; fault?: { message: string; hint?: string }; loading: boolean }
  layout: TraceLayout | undefined
  /** What trace and lines are drawn along. */
  focus: Range
  lines: readonly ShownLine[]
}

const Flame = lazy(async () => (await import('./flame.tsx')).Flame)
const Diff = lazy(async () => (await import('./diff.tsx')).Diff)

const SHAPES = [
  { shape: undefined, name: 'waterfall' },
  { shape: 'flame', name: 'flame' },
  { shape: 'diff', name: 'diff' },
] as const

/** So many are listed. */
const MOST = 200
/** How long Tempo waits before a search finds a trace, by the lab's own config. */
const CUT_MS = 3_000

export function TraceBand({ story, route, now, trace, layout, focus, lines }: Props) {
  const { range, traceql, everyMs, run } = story
  const id = route.trace
  const own = id === undefined && route.traceql !== undefined
  const list = useAnswer<TracesAnswer>(
    urlOf('/api/traces', {
      query: traceql,
      ...range,
      limit: MOST,
      advice: everyMs === undefined || own ? 1 : undefined,
    }),
    everyMs,
    traceql,
  )
  const traces = list.data?.traces ?? []
  const origin = id === undefined ? undefined : trace.data?.start
  const due = (run?.endedAt ?? now) + CUT_MS
  const waiting = everyMs !== undefined && run !== undefined
  useKeys({ e: () => layout && nextError(layout, route) })
  const tools =
    id === undefined ? (
      <span class="count">{traces.length > 0 && `${traces.length}${traces.length === MOST ? '+' : ''} traces`}</span>
    ) : (
      <>
        <fieldset class="choice" aria-label="how the trace is drawn">
          {SHAPES.map(({ shape, name }) => (
            <button
              key={name}
              type="button"
              aria-pressed={route.shape === shape}
              onClick={() => go({ shape, other: undefined }, 'detail')}
            >
              {name}
            </button>
          ))}
        </fieldset>
        {layout && layout.errors.length > 0 && (
          <button type="button" class="error-step" onClick={() => nextError(layout, route)} title="next error: e">
            {layout.errors.length} {layout.errors.length === 1 ? 'error' : 'errors'}
          </button>
        )}
        {layout && (
          <span class="count">
            {layout.rows.length} spans · {duration(layout.length)}
          </span>
        )}
        <button
          type="button"
          onClick={() => go({ trace: undefined, span: undefined, line: undefined, logql: undefined })}
        >
          all traces
        </button>
      </>
    )
  return (
    <Band
      id="trace"
      title={id === undefined ? 'Traces' : 'Trace'}
      language="TraceQL"
      query={id ?? traceql}
      own={own}
      fault={id === undefined ? list.fault : undefined}
      onQuery={(query) => go(isTraceId(query ?? '') ? { trace: query } : { traceql: query, trace: undefined })}
      tools={tools}
      busy={id === undefined ? list.loading : trace.loading}
      carried={
        id !== undefined && (
          <>
            exemplar label <code>trace_id</code> <span aria-hidden="true">→</span> Tempo, by id{' '}
            <code>{id.slice(0, 16)}…</code>
          </>
        )
      }
    >
      {origin !== undefined && route.shape !== 'diff' && <Axis range={focus} origin={origin} />}
      {id === undefined ? (
        list.fault && list.fault.position === undefined ? (
          <FaultSaid fault={list.fault} />
        ) : traces.length > 0 ? (
          <TraceList traces={traces} range={focus} />
        ) : list.loading || list.fault ? null : run && !own ? (
          <Way run={run} signal="traces" due={due} now={now} arriving={waiting} />
        ) : list.data?.advice ? (
          <Advice text={list.data.advice} />
        ) : (
          <Said title={own ? 'No trace matches in this time' : 'No trace yet'}>
            <Hint text="otel-lab run" />
          </Said>
        )
      ) : layout && trace.data ? (
        route.shape === 'flame' ? (
          <Flame trace={trace.data} layout={layout} range={focus} route={route} />
        ) : route.shape === 'diff' ? (
          <Diff layout={layout} traces={traces} route={route} />
        ) : (
          <Waterfall trace={trace.data} layout={layout} range={focus} lines={lines} route={route} />
        )
      ) : trace.loading ? null : (
        <Said title={trace.fault?.message ?? 'Tempo has no such trace'} kind={waiting ? 'waiting' : 'fault'}>
          <Hint text={trace.fault?.hint ?? 'otel-lab doctor'} />
        </Said>
      )}
    </Band>
  )
}
