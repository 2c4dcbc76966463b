import { Band } from '../parts/band.tsx'
import { useKeys } from '../parts/keys.ts'
import { Advice, FaultSaid, Hint, Said } from '../parts/said.tsx'
import { Way } from '../parts/way.tsx'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { duration } from '../time/format.ts'
import type { Range } from '../time/scale.ts'
import type { Story } from '../walk/story.ts'
import { LogList } from './list.tsx'
import { LineTrack } from './track.tsx'
import { type Lines, MOST_LINES } from './use-lines.ts'

interface Props {
  story: Story
  route: Route
  logs: Lines
  focus: Range
  now: number
}

/** A stage that any query of lines may end with. */
const ERRORS = ' | detected_level=~"error|fatal|critical"'
/** The shipped collector's batch, and the way. */
const USUAL_MS = 3_000

export function LogBand({ story, route, logs, focus, now }: Props) {
  const { logql, everyMs, run } = story
  const { lines, more, around, loading } = logs
  const live = route.live === 'on'
  const errorsOnly = logql.endsWith(ERRORS)
  useKeys({ l: () => go({ live: live ? undefined : 'on' }, 'detail') })
  const arriving = everyMs !== undefined && run !== undefined
  const due = (run?.endedAt ?? now) + USUAL_MS
  return (
    <Band
      id="logs"
      title="Logs"
      language="LogQL"
      query={logql}
      own={route.logql !== undefined}
      fault={logs.fault}
      onQuery={(query) => go({ logql: query })}
      busy={loading}
      tools={
        <>
          <span class="count num">
            {lines.length > 0 &&
              `${lines.length.toLocaleString('en')}${more && !around ? '+' : ''} lines${around ? ' around it' : ''}`}
          </span>
          {more && (
            <button
              type="button"
              disabled={loading}
              onClick={() => logs.loadMore()}
              title={`the older ones too, ${MOST_LINES.toLocaleString('en')} at most`}
            >
              {loading ? 'loading' : 'load all'}
            </button>
          )}
          <button
            type="button"
            aria-pressed={errorsOnly}
            class="toggle"
            onClick={() => go({ logql: errorsOnly ? logql.slice(0, -ERRORS.length) : logql + ERRORS, line: undefined })}
          >
            errors only
          </button>
          <button
            type="button"
            aria-pressed={live}
            class="toggle"
            title="lines as they come: l"
            onClick={() => go({ live: live ? undefined : 'on' }, 'detail')}
          >
            live
          </button>
        </>
      }
      carried={
        route.trace !== undefined && (
          <>
            span's trace id, by <code>traceparent</code> <span aria-hidden="true">→</span> structured metadata{' '}
            <code>trace_id</code> of each line
          </>
        )
      }
    >
      <LineTrack lines={lines} range={focus} chosen={route.line} />
      {logs.fault && logs.fault.position === undefined ? (
        <FaultSaid fault={logs.fault} />
      ) : lines.length > 0 ? (
        <LogList lines={lines} route={route} run={run?.id ?? route.run} follow={live && route.line === undefined} />
      ) : loading || logs.fault ? null : run && route.trace === undefined && route.logql === undefined ? (
        <Way run={run} signal="logs" due={due} now={now} arriving={everyMs !== undefined} />
      ) : logs.advice ? (
        <Advice text={logs.advice} />
      ) : (
        <Said
          title={route.trace ? `No line carries this trace id${arriving ? ' yet' : ''}` : 'No line yet'}
          kind={arriving ? 'waiting' : 'empty'}
        >
          {arriving ? <p>lines come some {duration(USUAL_MS)} after they are written</p> : <Hint text="otel-lab run" />}
        </Said>
      )}
    </Band>
  )
}
