import { type KeyValue, type TracesData, WIRE } from '../../../otlp/types.ts'

/** Cuts keys and texts longer than `limit` bytes, in place: the data is fresh from the wire and ours. */
export function truncateAttributes(data: TracesData, limit: number): void {
  if (limit <= 0) return
  for (const { resource, scopes } of data) {
    each(resource.attributes, limit)
    for (const { scope, items } of scopes) {
      each(scope.attributes, limit)
      for (const span of items) {
        let cut = each(span.attributes, limit)
        for (const event of span.events) cut = each(event.attributes, limit) || cut
        for (const link of span.links) cut = each(link.attributes, limit) || cut
        if (cut) delete span[WIRE]
      }
    }
  }
}

/** Whether there was anything to cut. */
function each(list: KeyValue[], limit: number): boolean {
  let cut = false
  for (const entry of list) {
    const { key, value } = entry
    if (key.length > limit / 3) entry.key = shortened(key, limit)
    if (typeof value === 'string' && value.length > limit / 3) entry.value = shortened(value, limit)
    cut ||= entry.key !== key || entry.value !== value
  }
  return cut
}

function shortened(text: string, limit: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= limit) return text
  let end = limit
  // Not in the middle of a character.
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--
  return bytes.subarray(0, end).toString()
}
