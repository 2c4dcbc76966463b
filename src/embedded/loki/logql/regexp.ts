import { RE2JS } from 're2js'

/**
 * Regular expressions are Go's (RE2). They run on RE2's automata (re2js), so that none can take more than linear
 * time. Only where JavaScript reads an expression the same way and has nothing to backtrack, its own engine is used.
 */
export interface Regexp {
  test(text: string): boolean
  /** The leftmost match with its groups, undefined for a group that took no part. */
  exec(text: string): { index: number; groups: (string | undefined)[] } | undefined
  groupCount: number
  /** By group number, from 0 (the whole match); '' for a group without a name. */
  groupNames: string[]
}

/** Throws Error with Go's words: error parsing regexp: missing closing ): `(`. */
export function compileRegexp(pattern: string): Regexp {
  const compiled = compileRe2(pattern)
  const groupCount = compiled.groupCount()
  const groupNames = Array.from({ length: groupCount + 1 }, () => '')
  for (const [name, group] of Object.entries(compiled.namedGroups())) groupNames[group] = name
  const native = nativeRegExp(pattern)
  if (native !== undefined) {
    return {
      test: (text) => native.test(text),
      exec: (text) => {
        const found = native.exec(text)
        return found === null ? undefined : { index: found.index, groups: [...found] }
      },
      groupCount,
      groupNames,
    }
  }
  return {
    test: (text) => compiled.test(text),
    exec: (text) => {
      const matcher = compiled.matcher(text)
      if (!matcher.find()) return undefined
      const groups = groupNames.map((_, i) => matcher.group(i) ?? undefined)
      return { index: matcher.start(), groups }
    },
    groupCount,
    groupNames,
  }
}

/** Go's ReplaceAllString (where `$1` and `${name}` stand for groups), or the literal kind of it. */
export function replaceAllMatches(pattern: string, text: string, replacement: string, literal: boolean): string {
  const matcher = compileRe2(pattern).matcher(text)
  const groups = compileRe2(pattern).namedGroups()
  let out = ''
  let from = 0
  let last = -1
  while (matcher.find()) {
    // An empty match right behind another does not count.
    if (matcher.end() === matcher.start() && matcher.start() === last) continue
    out += text.slice(from, matcher.start())
    out += literal ? replacement : expand(replacement, (name) => groupText(matcher, groups, name))
    from = matcher.end()
    last = from
  }
  return out + text.slice(from)
}

export function countMatches(pattern: string, text: string): number {
  const matcher = compileRe2(pattern).matcher(text)
  let count = 0
  let last = -1
  while (matcher.find()) {
    if (matcher.end() === matcher.start() && matcher.start() === last) continue
    last = matcher.end()
    count++
  }
  return count
}

function groupText(
  matcher: { group(n: number): string | null; groupCount(): number },
  groups: Record<string, number>,
  name: string,
): string {
  const index = /^\d+$/.test(name) ? Number(name) : groups[name]
  return index === undefined || index > matcher.groupCount() ? '' : (matcher.group(index) ?? '')
}

/** Go's Regexp.Expand: `$1`, `${1}`, `$name` (the longest word), `$$`. */
export function expand(template: string, groupOf: (name: string) => string): string {
  return template.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) =>
    whole === '$$' ? '$' : groupOf((bare ?? braced)!),
  )
}

function compileRe2(pattern: string): RE2JS {
  // Its messages are Go's, down to the part of the expression that they quote.
  return RE2JS.compile(pattern)
}

const PLAIN = String.raw`[\w \-:/@#,;<>=&%!"'~]`
const WORDS = new RegExp(`^${PLAIN}*(?:\\|${PLAIN}*)*$`)

/** As labels are matched: the whole value, and `.` takes line ends too. */
export function compileAnchored(pattern: string): (text: string) => boolean {
  if (WORDS.test(pattern)) {
    const words = new Set(pattern.split('|'))
    return (text) => words.has(text)
  }
  if (pattern === '.*') return () => true
  if (pattern === '.+') return (text) => text !== ''
  // Compiled bare first, so that messages quote the user's own text.
  compileRe2(pattern)
  const compiled = compileRe2(`^(?s:${pattern})$`)
  return (text) => compiled.test(text)
}

const ESCAPE = String.raw`\\[.\-|()[\]{}*+?^$/"']`
const UNIT = String.raw`(?:${PLAIN}|${ESCAPE}|\\[dw]|\[\^?(?:${PLAIN}|${ESCAPE}|\\[dw]|[.+*])+\])`
/** Of one length, or a choice of plain words: nothing to backtrack into. */
const FIXED = new RegExp(`^\\^?(?:${UNIT})+\\$?$`)
const CHOICE = new RegExp(`^(?:\\(${PLAIN}+(?:\\|${PLAIN}+)+\\)|${PLAIN}+(?:\\|${PLAIN}+)+)$`)

/** Undefined where JavaScript might see it otherwise, or be slow. */
function nativeRegExp(pattern: string): RegExp | undefined {
  const folding = pattern.startsWith('(?i)')
  const body = folding ? pattern.slice(4) : pattern
  if (body.length > 200 || !(FIXED.test(body) || CHOICE.test(body))) return undefined
  // With `i` and `u` JavaScript lets two more letters be of \w.
  if (folding && body.includes('\\w')) return undefined
  try {
    return new RegExp(body.replace(/\\(["'#-])/g, '$1'), folding ? 'iu' : 'u')
  } catch {
    return undefined
  }
}
