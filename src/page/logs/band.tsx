import type { LogsAnswer } from '../../page-server/answers.ts'
import { Band, FaultSaid, Hint, Said } from '../parts/band.tsx'
import type { Asked } from '../state/answers.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { clock } from '../time/format.ts'
import type { Range } from '../time/scale.ts'
import type { Story } from '../walk/story.ts'
import type { ShownLine } from './line.ts'
import { LogList } from './list.tsx'
import { LineTrack } from './track.tsx'

interface Props {
  story: Story
  route: Route
  logs: Asked<LogsAnswer>
  lines: readonly ShownLine[]
  focus: Range
  now: number
}

/** The shipped collector's batch, and the way. */
const USUAL_MS = 3_000

export function LogBand({ story, route, logs, lines, focus, now }: Props) {
  const { logql, everyMs, run } = story
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
      busy={logs.loading}
      tools={<span class="count">{lines.length > 0 && `${lines.length}${logs.data?.more ? '+' : ''} lines`}</span>}
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
        <LogList lines={lines} route={route} />
      ) : logs.loading ? null : everyMs !== undefined && run !== undefined ? (
        <Said title="The lines are on their way" kind="waiting">
          <p>
            Through the collector's batch to Loki: expected by <b>{clock(due)}</b>
            {now > due + 2_000 ? '; they are late' : ''}.
          </p>
        </Said>
      ) : (
        <Said title={route.trace ? 'No line carries this trace id' : 'No line in this time'}>
          {logs.data?.advice ? <pre class="advice">{logs.data.advice}</pre> : <Hint text="otel-lab run" />}
        </Said>
      )}
    </Band>
  )
}
