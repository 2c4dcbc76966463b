/** At most so many bytes, the marker among them; `safe` cuts between characters. */
export function truncated(text: string, limit: number, safe: boolean, marker: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= limit) return text
  let end = limit - Buffer.byteLength(marker)
  if (safe) while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--
  return bytes.subarray(0, end).toString() + marker
}
