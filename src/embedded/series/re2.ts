import { RE2JS } from 're2js'

/** An escape, a class, or the head of a group with its name. */
const NAMED_GROUP = /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\(\?P?<(\w+)>/gs

/** The first name that two groups of an expression have. */
export function duplicateName(pattern: string): string | undefined {
  const names = [...pattern.matchAll(NAMED_GROUP)].flatMap(([, name]) => name ?? [])
  return names.find((name, i) => names.indexOf(name) !== i)
}

/**
 * A Go expression on RE2's automata; throws Error with Go's words. Go takes a name for two groups, re2js does not:
 * there the groups that come later have none.
 */
export function compileRe2(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    if (!(error as Error).message.includes('duplicate capture group name')) throw error
    const seen = new Set<string>()
    return RE2JS.compile(
      pattern.replaceAll(NAMED_GROUP, (whole, name: string | undefined) => {
        if (name === undefined) return whole
        if (seen.has(name)) return '('
        seen.add(name)
        return whole
      }),
    )
  }
}
