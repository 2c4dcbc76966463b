import { table } from '../../util/table.ts'
import type { Scene } from '../scene.ts'
import { goTypeOf, OttlStructure } from '../values.ts'
import { type Access, asInt, asString, count, ids, map, nanos, read, structures, text, time } from './access.ts'
import { cache } from './common.ts'

const span = (scene: Scene) => scene.span!
const status = (scene: Scene) => scene.span!.status
const event = (scene: Scene) => scene.spanevent!

const KINDS = ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer']

function kindBy(nameOf: (kind: string) => string, what: string): Access {
  const names = KINDS.map(nameOf)
  return {
    get: (scene) => names[span(scene).kind] ?? '',
    set: (scene, value) => {
      const kind = names.indexOf(asString(value))
      if (kind < 0) throw new Error(`unknown span kind ${what}, ${value}`)
      span(scene).kind = kind
    },
  }
}

const [traceId, traceIdText] = ids(span, 'traceId', 16)
const [spanId, spanIdText] = ids(span, 'spanId', 8)
const [parentId, parentIdText] = ids(span, 'parentSpanId', 8)

export const SPAN: Record<string, Access> = table({
  name: text(span, 'name'),
  kind: count(span, 'kind', true),
  'kind.string': kindBy((kind) => kind, 'string'),
  'kind.deprecated_string': kindBy((kind) => `SPAN_KIND_${kind.toUpperCase()}`, 'deprecated string'),
  attributes: map((scene) => span(scene).attributes),
  trace_id: traceId,
  'trace_id.string': traceIdText,
  span_id: spanId,
  'span_id.string': spanIdText,
  parent_span_id: parentId,
  'parent_span_id.string': parentIdText,
  // One key makes a member of it (compile.ts).
  trace_state: { ...text(span, 'traceState'), indexed: true },
  start_time_unix_nano: nanos(span, 'startTimeUnixNano'),
  end_time_unix_nano: nanos(span, 'endTimeUnixNano'),
  start_time: time(span, 'startTimeUnixNano'),
  end_time: time(span, 'endTimeUnixNano'),
  flags: {
    get: (scene) => BigInt(span(scene).flags),
    set: (scene, value) => {
      const flags = asInt(value)
      if (flags < 0n || flags > 0xffffffffn) throw new Error(`value ${flags} is out of range for uint32`)
      span(scene).flags = Number(flags)
    },
  },
  status: {
    get: (scene) => new OttlStructure('ptrace.Status', status(scene)),
    set: (scene, value) => {
      if (!(value instanceof OttlStructure) || value.go !== 'ptrace.Status') {
        throw new Error(`expects ptrace.Status but got ${goTypeOf(value)}`)
      }
      span(scene).status = { ...(value.value as { code: number; message: string }) }
    },
  },
  'status.code': count(status, 'code', true),
  'status.message': text(status, 'message'),
  events: structures('ptrace.SpanEventSlice', (scene) => span(scene).events),
  links: structures('ptrace.SpanLinkSlice', (scene) => span(scene).links),
  dropped_attributes_count: count(span, 'droppedAttributesCount'),
  dropped_events_count: count(span, 'droppedEventsCount'),
  dropped_links_count: count(span, 'droppedLinksCount'),
  cache,
})

export const SPAN_EVENT: Record<string, Access> = table({
  name: text(event, 'name'),
  attributes: map((scene) => event(scene).attributes),
  event_index: read(() => {
    // No processor of the real one sets it.
    throw new Error("no 'event_index' property has been set")
  }),
  time_unix_nano: nanos(event, 'timeUnixNano'),
  time: time(event, 'timeUnixNano'),
  dropped_attributes_count: count(event, 'droppedAttributesCount'),
  cache,
})
