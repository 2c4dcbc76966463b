import type { LogRecord } from '../types.ts'
import { readKeyValue, readValue, writeKeyValues, writeValue } from './common.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** opentelemetry/proto/logs/v1/logs.proto, message LogRecord. Field 4 was a name, and is reserved. */
export function readLogRecord(r: Reader): LogRecord {
  const record: LogRecord = {
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    severityText: '',
    body: null,
    attributes: [],
    droppedAttributesCount: 0,
    flags: 0,
    traceId: '',
    spanId: '',
    eventName: '',
  }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    switch (tag) {
      case 0x09:
        record.timeUnixNano = r.fixed64()
        break
      case 0x10:
        record.severityNumber = r.uint32()
        break
      case 0x1a:
        record.severityText = r.string()
        break
      case 0x2a:
        record.body = readValue(r)
        break
      case 0x32:
        record.attributes.push(readKeyValue(r))
        break
      case 0x38:
        record.droppedAttributesCount = r.uint32()
        break
      case 0x45:
        record.flags = r.fixed32()
        break
      case 0x4a:
        record.traceId = r.id(16)
        break
      case 0x52:
        record.spanId = r.id(8)
        break
      case 0x59:
        record.observedTimeUnixNano = r.fixed64()
        break
      case 0x62:
        record.eventName = r.string()
        break
      default:
        r.skip(tag)
    }
  }
  r.close(outer)
  return record
}

export function writeLogRecord(w: Writer, field: number, record: LogRecord): void {
  const at = w.open(field)
  w.fixed64(1, record.timeUnixNano)
  w.uint32(2, record.severityNumber)
  w.string(3, record.severityText)
  // Also where there is none, as pdata does: a body that was sent empty stays one.
  writeValue(w, 5, record.body)
  writeKeyValues(w, 6, record.attributes)
  w.uint32(7, record.droppedAttributesCount)
  w.fixed32(8, record.flags)
  w.id(9, record.traceId)
  w.id(10, record.spanId)
  w.fixed64(11, record.observedTimeUnixNano)
  w.string(12, record.eventName)
  w.close(at)
}
