import { type AnyValue, type KeyValue, KeyValueList, type TracesData } from '../../../otlp/types.ts'

/** OTLP as gogo's jsonpb writes it: ids in base64, int64 as text, enums by name, nothing that is zero. */

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']
const CODES = ['UNSET', 'OK', 'ERROR']

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')

/** Drops what proto3 JSON does not write: undefined, empty text and lists, zero. */
export function compact<T extends Record<string, unknown>>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, v]) => v !== undefined && v !== '' && v !== 0 && v !== '0' && !(Array.isArray(v) && v.length === 0),
    ),
  ) as Partial<T>
}

export function valueJson(value: AnyValue): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value }
    case 'bigint':
      return { intValue: String(value) }
    case 'number':
      return { doubleValue: Number.isFinite(value) ? value : String(value) }
    case 'boolean':
      return { boolValue: value }
  }
  if (value === null) return {}
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') }
  if (value instanceof KeyValueList) return { kvlistValue: { values: attributesJson(value.values) } }
  return { arrayValue: { values: value.map(valueJson) } }
}

export const attributesJson = (list: readonly KeyValue[]) =>
  list.map(({ key, value }) => ({ key, value: valueJson(value) }))

/** `resourceSpans` of the v2 API, `batches` of the first. */
export function tracesJson(data: TracesData): object[] {
  return data.map(({ resource, schemaUrl, scopes }) =>
    compact({
      resource: compact({
        attributes: attributesJson(resource.attributes),
        droppedAttributesCount: resource.droppedAttributesCount,
      }),
      scopeSpans: scopes.map(({ scope, schemaUrl: url, items }) =>
        compact({
          scope: compact({
            name: scope.name,
            version: scope.version,
            attributes: attributesJson(scope.attributes),
            droppedAttributesCount: scope.droppedAttributesCount,
          }),
          spans: items.map(spanJson),
          schemaUrl: url,
        }),
      ),
      schemaUrl,
    }),
  )
}

type Span = TracesData[number]['scopes'][number]['items'][number]

function spanJson(s: Span): object {
  const dropped = (item: { droppedAttributesCount: number }) => item.droppedAttributesCount
  return compact({
    traceId: base64(s.traceId),
    spanId: base64(s.spanId),
    traceState: s.traceState,
    parentSpanId: base64(s.parentSpanId),
    flags: s.flags,
    name: s.name,
    kind: s.kind === 0 ? undefined : `SPAN_KIND_${KINDS[s.kind] ?? s.kind}`,
    startTimeUnixNano: String(s.startTimeUnixNano),
    endTimeUnixNano: String(s.endTimeUnixNano),
    attributes: attributesJson(s.attributes),
    droppedAttributesCount: s.droppedAttributesCount,
    events: s.events.map((e) =>
      compact({
        timeUnixNano: String(e.timeUnixNano),
        name: e.name,
        attributes: attributesJson(e.attributes),
        droppedAttributesCount: dropped(e),
      }),
    ),
    droppedEventsCount: s.droppedEventsCount,
    links: s.links.map((l) =>
      compact({
        traceId: base64(l.traceId),
        spanId: base64(l.spanId),
        traceState: l.traceState,
        attributes: attributesJson(l.attributes),
        droppedAttributesCount: dropped(l),
        flags: l.flags,
      }),
    ),
    droppedLinksCount: s.droppedLinksCount,
    status: compact({
      message: s.status.message,
      code: s.status.code === 0 ? undefined : `STATUS_CODE_${CODES[s.status.code] ?? s.status.code}`,
    }),
  })
}
