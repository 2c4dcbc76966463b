import type { KeyValue, TracesData } from '../../../otlp/types.ts'

/** Cuts keys and texts longer than `limit` bytes, in place: the data is fresh from the wire and ours. */
export function truncateAttributes(data: TracesData, limit: number): void {
  if (limit <= 0) return
  for (const { resource, scopes } of data) {
    each(resource.attributes, limit)
    for (const { scope, items } of scopes) {
      each(scope.attributes, limit)
      for (const span of items) {
        each(span.attributes, limit)
        for (const event of span.events) each(event.attributes, limit)
        for (const link of span.links) each(link.attributes, limit)
      }
    }
  }
}

function each(list: KeyValue[], limit: number): void {
  for (const entry of list) {
    if (entry.key.length > limit / 3) entry.key = shortened(entry.key, limit)
    if (typeof entry.value === 'string' && entry.value.length > limit / 3) entry.value = shortened(entry.value, limit)
  }
}

function shortened(text: string, limit: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= limit) return text
  let end = limit
  // Not in the middle of a character.
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--
  return bytes.subarray(0, end).toString()
}
