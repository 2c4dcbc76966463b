/** Loki's pattern language: literals, and captures `<name>` or `<_>`, which run to the next literal. */
export type PatternPart = { literal: string } | { capture: string }

/** `identifier: '<' (alpha | '_') (alnum | '_')* '>'`; all else is literal. */
function split(pattern: string): PatternPart[] {
  const parts: PatternPart[] = []
  let from = 0
  for (const found of pattern.matchAll(/<([A-Za-z_]\w*)>/g)) {
    if (found.index > from) parts.push({ literal: pattern.slice(from, found.index) })
    parts.push({ capture: found[1]! })
    from = found.index + found[0].length
  }
  if (from < pattern.length) parts.push({ literal: pattern.slice(from) })
  return parts
}

function consecutive(parts: PatternPart[]): string | undefined {
  for (const [i, part] of parts.entries()) {
    const next = parts[i + 1]
    if (next !== undefined && 'capture' in part && 'capture' in next) {
      return `found consecutive capture '<${part.capture}><${next.capture}>': invalid expression`
    }
  }
  return undefined
}

/** For `| pattern`: at least one named capture, no name twice, and a literal between any two captures. */
export function parsePattern(pattern: string): { parts: PatternPart[]; names: string[] } | { error: string } {
  if (pattern === '') return { error: 'syntax error: unexpected $end, expecting IDENTIFIER or LITERAL' }
  const parts = split(pattern)
  const names = parts.flatMap((part) => ('capture' in part && part.capture !== '_' ? [part.capture] : []))
  if (names.length === 0) return { error: 'at least one capture is required' }
  const fault = consecutive(parts)
  if (fault !== undefined) return { error: fault }
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) return { error: `duplicate capture name (${twice}): invalid expression` }
  return { parts, names }
}

/** The texts of the named captures, in order; fewer than there are names where the line ends early. */
export function matchPattern(parts: readonly PatternPart[], line: string): string[] {
  if (line === '') return []
  const captured: string[] = []
  let at = 0
  let i = 0
  const first = parts[0]!
  if ('literal' in first) {
    if (!line.startsWith(first.literal)) return []
    at = first.literal.length
    i = 1
  }
  for (; i < parts.length; i += 2) {
    const { capture } = parts[i] as { capture: string }
    const next = parts[i + 1] as { literal: string } | undefined
    const end = next === undefined ? -1 : line.indexOf(next.literal, at)
    if (capture !== '_') captured.push(end < 0 ? line.slice(at) : line.slice(at, end))
    if (end < 0) break
    at = end + next!.literal.length
  }
  return captured
}

/** For `|>`: unnamed captures only, none of them empty. */
export function compileLinePattern(pattern: string): ((line: string) => boolean) | { error: string } {
  const parts = split(pattern)
  const fault = consecutive(parts)
  if (fault !== undefined) return { error: fault }
  for (const part of parts) {
    if ('capture' in part && part.capture !== '_') {
      return { error: `named captures are not allowed: found '<${part.capture}>'` }
    }
  }
  if (parts.length === 0) return (line) => line === ''
  const open = 'capture' in parts.at(-1)!
  return (line) => {
    if (line === '') return false
    let at = 0
    for (const [i, part] of parts.entries()) {
      if ('capture' in part) continue
      const found = line.indexOf(part.literal, at)
      if (found < 0 || (i > 0 && found === at)) return false
      at = found + part.literal.length
    }
    return open === at < line.length
  }
}
