import { type Span, type SpanEvent, type SpanLink, WIRE } from '../types.ts'
import { readKeyValue, writeKeyValues } from './common.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** opentelemetry/proto/trace/v1/trace.proto, message Span. */
export function readSpan(r: Reader): Span {
  const span: Span = {
    traceId: '',
    spanId: '',
    traceState: '',
    parentSpanId: '',
    flags: 0,
    name: '',
    kind: 0,
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    switch (tag) {
      case 0x0a:
        span.traceId = r.id(16)
        break
      case 0x12:
        span.spanId = r.id(8)
        break
      case 0x1a:
        span.traceState = r.string()
        break
      case 0x22:
        span.parentSpanId = r.id(8)
        break
      case 0x2a:
        span.name = r.string()
        break
      case 0x30:
        span.kind = r.uint32()
        break
      case 0x39:
        span.startTimeUnixNano = r.fixed64()
        break
      case 0x41:
        span.endTimeUnixNano = r.fixed64()
        break
      case 0x4a:
        span.attributes.push(readKeyValue(r))
        break
      case 0x50:
        span.droppedAttributesCount = r.uint32()
        break
      case 0x5a:
        span.events.push(readEvent(r))
        break
      case 0x60:
        span.droppedEventsCount = r.uint32()
        break
      case 0x6a:
        span.links.push(readLink(r))
        break
      case 0x70:
        span.droppedLinksCount = r.uint32()
        break
      case 0x7a:
        readStatus(r, span.status)
        break
      case 0x85:
        span.flags = r.fixed32()
        break
      default:
        r.skip(tag)
    }
  }
  r.close(outer)
  return span
}

/** The same for who writes it down again, as it came. It holds on to the request's memory. */
export function readKeptSpan(r: Reader): Span {
  let from = r.pos
  const span = readSpan(r)
  // Behind the length.
  while (r.bytes[from]! > 0x7f) from++
  span[WIRE] = r.bytes.subarray(from + 1, r.pos)
  return span
}

function readStatus(r: Reader, status: Span['status']): void {
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x12) status.message = r.string()
    else if (tag === 0x18) status.code = r.uint32()
    else r.skip(tag)
  }
  r.close(outer)
}

function readEvent(r: Reader): SpanEvent {
  const event: SpanEvent = { timeUnixNano: 0n, name: '', attributes: [], droppedAttributesCount: 0 }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x09) event.timeUnixNano = r.fixed64()
    else if (tag === 0x12) event.name = r.string()
    else if (tag === 0x1a) event.attributes.push(readKeyValue(r))
    else if (tag === 0x20) event.droppedAttributesCount = r.uint32()
    else r.skip(tag)
  }
  r.close(outer)
  return event
}

function readLink(r: Reader): SpanLink {
  const link: SpanLink = {
    traceId: '',
    spanId: '',
    traceState: '',
    attributes: [],
    droppedAttributesCount: 0,
    flags: 0,
  }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) link.traceId = r.id(16)
    else if (tag === 0x12) link.spanId = r.id(8)
    else if (tag === 0x1a) link.traceState = r.string()
    else if (tag === 0x22) link.attributes.push(readKeyValue(r))
    else if (tag === 0x28) link.droppedAttributesCount = r.uint32()
    else if (tag === 0x35) link.flags = r.fixed32()
    else r.skip(tag)
  }
  r.close(outer)
  return link
}

export function writeSpan(w: Writer, field: number, span: Span): void {
  const wire = span[WIRE]
  if (wire !== undefined) {
    w.bytes(field, wire)
    return
  }
  const at = w.open(field)
  w.id(1, span.traceId)
  w.id(2, span.spanId)
  w.string(3, span.traceState)
  w.id(4, span.parentSpanId)
  w.string(5, span.name)
  w.uint32(6, span.kind)
  w.fixed64(7, span.startTimeUnixNano)
  w.fixed64(8, span.endTimeUnixNano)
  writeKeyValues(w, 9, span.attributes)
  w.uint32(10, span.droppedAttributesCount)
  for (const event of span.events) {
    const inner = w.open(11)
    w.fixed64(1, event.timeUnixNano)
    w.string(2, event.name)
    writeKeyValues(w, 3, event.attributes)
    w.uint32(4, event.droppedAttributesCount)
    w.close(inner)
  }
  w.uint32(12, span.droppedEventsCount)
  for (const link of span.links) {
    const inner = w.open(13)
    w.id(1, link.traceId)
    w.id(2, link.spanId)
    w.string(3, link.traceState)
    writeKeyValues(w, 4, link.attributes)
    w.uint32(5, link.droppedAttributesCount)
    w.fixed32(6, link.flags)
    w.close(inner)
  }
  w.uint32(14, span.droppedLinksCount)
  const status = w.open(15)
  w.string(2, span.status.message)
  w.uint32(3, span.status.code)
  w.close(status)
  w.fixed32(16, span.flags)
  w.close(at)
}
