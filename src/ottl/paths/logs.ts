import { stringOf } from '../../otlp/attributes.ts'
import { table } from '../../util/table.ts'
import type { Scene } from '../scene.ts'
import { valueTypeOf } from '../values.ts'
import { type Access, asString, count, ids, map, nanos, storable, text, time } from './access.ts'
import { cache } from './common.ts'

const log = (scene: Scene) => scene.log!
const [traceId, traceIdText] = ids(log, 'traceId', 16)
const [spanId, spanIdText] = ids(log, 'spanId', 8)

export const LOG: Record<string, Access> = table({
  body: {
    indexed: true,
    get: (scene) => log(scene).body,
    set: (scene, value) => {
      log(scene).body = storable(value, valueTypeOf(log(scene).body))
    },
  },
  'body.string': {
    get: (scene) => stringOf(log(scene).body),
    set: (scene, value) => {
      log(scene).body = asString(value)
    },
  },
  attributes: map((scene) => log(scene).attributes),
  severity_number: count(log, 'severityNumber', true),
  severity_text: text(log, 'severityText'),
  event_name: text(log, 'eventName'),
  flags: count(log, 'flags'),
  time_unix_nano: nanos(log, 'timeUnixNano'),
  observed_time_unix_nano: nanos(log, 'observedTimeUnixNano'),
  time: time(log, 'timeUnixNano'),
  observed_time: time(log, 'observedTimeUnixNano'),
  trace_id: traceId,
  'trace_id.string': traceIdText,
  span_id: spanId,
  'span_id.string': spanIdText,
  dropped_attributes_count: count(log, 'droppedAttributesCount'),
  cache,
})
