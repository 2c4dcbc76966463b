/** Labels are [a-zA-Z0-9_]; all else in a parsed key becomes `_`, and a digit in front gets one. */
export function sanitize(key: string): string {
  const trimmed = key.trim()
  if (trimmed === '') return ''
  return (/^\d/.test(trimmed) ? `_${trimmed}` : trimmed).replace(/[^a-zA-Z0-9_]/gu, '_')
}

/** Keys repeat from line to line, so their names are kept; not without end, since keys can be made up. */
export function createNameCache(name: (key: string) => string): (key: string) => string {
  const known = new Map<string, string>()
  return (key) => {
    const old = known.get(key)
    if (old !== undefined) return old
    const made = name(key)
    if (known.size < 1024) known.set(key, made)
    return made
  }
}

/** Text that was no UTF-8 is rejected as a label's value downstream, so it becomes blanks. */
export function withoutReplacements(text: string): string {
  return text.includes('\uFFFD') ? text.replaceAll('\uFFFD', ' ') : text
}
