/**
 * A glob without separators: `*` and `**` are any text, `?` is any character, `[a-z]`, `[!a-z]`, `{this,that}`, and a
 * backslash before what stands for itself (gobwas/glob). Throws Error on a pattern that is none.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const parts = parse(pattern)
  return (text) => matches(parts, [...text], 0, 0)
}

type Part = { kind: 'any' } | { kind: 'one'; fits: (char: string) => boolean } | { kind: 'either'; of: Part[][] }

function parse(pattern: string): Part[] {
  const chars = [...pattern]
  let at = 0
  const literal = (wanted: string): Part => ({ kind: 'one', fits: (char) => char === wanted })
  const sequence = (inside: boolean): Part[] => {
    const parts: Part[] = []
    for (; at < chars.length; at++) {
      const char = chars[at]!
      if (inside && (char === ',' || char === '}')) return parts
      if (char === '*') {
        if (parts.at(-1)?.kind !== 'any') parts.push({ kind: 'any' })
      } else if (char === '?') parts.push({ kind: 'one', fits: () => true })
      else if (char === '[') parts.push(range())
      else if (char === '{') parts.push(alternatives())
      else if (char === '\\' && at + 1 < chars.length) parts.push(literal(chars[++at]!))
      else parts.push(literal(char))
    }
    if (inside) throw new Error('unexpected end of input')
    return parts
  }
  const alternatives = (): Part => {
    const of: Part[][] = []
    do {
      at++
      of.push(sequence(true))
    } while (chars[at] === ',')
    return { kind: 'either', of }
  }
  const range = (): Part => {
    const not = chars[at + 1] === '!' || chars[at + 1] === '^'
    const end = chars.indexOf(']', at + (not ? 3 : 2))
    if (end < 0) throw new Error('unexpected end of input')
    const listed = chars.slice(at + (not ? 2 : 1), end)
    at = end
    const span = listed.length === 3 && listed[1] === '-'
    const fits = (char: string) => (span ? char >= listed[0]! && char <= listed[2]! : listed.includes(char))
    return { kind: 'one', fits: (char) => fits(char) !== not }
  }
  return sequence(false)
}

/** Each star is tried at every place once: linear in the text for each star. */
function matches(parts: readonly Part[], text: readonly string[], p: number, t: number): boolean {
  let [part, at, star, retry] = [p, t, -1, 0]
  while (at < text.length || part < parts.length) {
    const one = parts[part]
    if (one?.kind === 'any') {
      star = part++
      retry = at
      continue
    }
    if (one?.kind === 'either') {
      if (one.of.some((choice) => matches([...choice, ...parts.slice(part + 1)], text, 0, at))) return true
    } else if (one !== undefined && at < text.length && one.fits(text[at]!)) {
      part++
      at++
      continue
    }
    if (star < 0 || retry >= text.length) return false
    part = star + 1
    at = ++retry
  }
  return true
}
