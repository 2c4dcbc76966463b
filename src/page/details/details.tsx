import type { TraceAnswer, Value } from '../../page-server/answers.ts'
import type { ShownLine } from '../logs/line.ts'
import { openTrace } from '../logs/list.tsx'
import { visible } from '../parts/visible.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { clock, day, duration } from '../time/format.ts'
import { type Row, selfTime, type TraceLayout } from '../trace/layout.ts'
import type { Story } from '../walk/story.ts'
import { Fields } from './fields.tsx'

interface Props {
  route: Route
  trace: TraceAnswer | undefined
  layout: TraceLayout | undefined
  row: Row | undefined
  line: ShownLine | undefined
  story: Story
}

/** All that is known of the line or the span that was picked. */
export function Details({ route, trace, layout, row, line }: Props) {
  return (
    <aside class="details" aria-label={line ? 'log line' : 'span'}>
      <button
        type="button"
        class="close"
        aria-label="close"
        title="Esc"
        onClick={() => go({ line: undefined, ...(line ? {} : { span: undefined }) })}
      >
        ×
      </button>
      {line && <LineDetails shown={line} route={route} />}
      {row && trace && layout && <SpanDetails row={row} trace={trace} layout={layout} />}
    </aside>
  )
}

function LineDetails({ shown, route }: { shown: ShownLine; route: Route }) {
  const { line, level, message, fields, traceId, labels } = shown
  const foreign = traceId !== undefined && traceId !== route.trace
  return (
    <article class="detail">
      <p class="overline">
        <b class={`level level-${level}`}>{level}</b> {day(line.time)} {clock(line.time, true)}
      </p>
      <h2 dir="auto">{visible(message)}</h2>
      {traceId && (
        <p class="chain">
          trace <code>{traceId.slice(0, 16)}…</code>
          {foreign && (
            <button type="button" onClick={() => openTrace(shown, route)}>
              open its trace
            </button>
          )}
        </p>
      )}
      <p class="chain">
        <button type="button" onClick={() => go({ logql: selectorOf(labels) })}>
          its neighbours
        </button>
        <span class="dim">all lines of its stream, around it</span>
      </p>
      <Fields title="fields" values={Object.fromEntries(fields)} />
      <Fields title="index labels" values={labels} />
      <Fields title="structured metadata" values={line.metadata} folded />
      <details>
        <summary>the line as it is</summary>
        <pre class="raw">{line.line}</pre>
      </details>
    </article>
  )
}

/** The stream that a line belongs to, without any filter. */
const selectorOf = (labels: Record<string, string>) =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`

function SpanDetails({ row, trace, layout }: { row: Row; trace: TraceAnswer; layout: TraceLayout }) {
  const { span } = row
  const self = selfTime(span, layout.children.get(span) ?? [])
  const onPath = layout.critical
    .filter((one) => one.span === span)
    .reduce((sum, { start, end }) => sum + end - start, 0)
  return (
    <article class="detail">
      <p class="overline">
        span of {span.service || 'an unnamed service'} · {span.kind}
      </p>
      <h2 dir="auto">{visible(span.name)}</h2>
      {span.status === 'error' && <p class="problem">{visible(span.problem ?? 'it failed, and does not say why')}</p>}
      <dl class="facts">
        <dt>took</dt>
        <dd>{duration(span.duration)}</dd>
        <dt>itself</dt>
        <dd>{duration(self)}</dd>
        <dt>began</dt>
        <dd>
          {clock(trace.start + span.start, true)}, {duration(span.start)} after its trace
        </dd>
        <dt>critical path</dt>
        <dd>{onPath > 0 ? duration(onPath) : 'not on it'}</dd>
      </dl>
      <Fields title="attributes" values={span.attributes} />
      {span.events.map((event) => (
        <Fields
          key={`${event.name} ${event.at}`}
          title={`event ${event.name}, at ${duration(event.at)}`}
          values={event.attributes}
        />
      ))}
      {span.links.length > 0 && (
        <section class="fields">
          <h3>links</h3>
          {span.links.map(({ traceId, spanId }) => (
            <button key={traceId + spanId} type="button" onClick={() => go({ trace: traceId, span: spanId })}>
              trace {traceId.slice(0, 16)}…
            </button>
          ))}
        </section>
      )}
      <Fields title="resource" values={(trace.resources[span.resource] ?? {}) as Record<string, Value>} folded />
      <Fields
        title="ids"
        values={{ 'trace id': trace.traceId, 'span id': span.id, parent: span.parent ?? 'none', scope: span.scope }}
        folded
      />
    </article>
  )
}
