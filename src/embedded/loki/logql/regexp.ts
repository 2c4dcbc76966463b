import type { RE2JS } from 're2js'
import { compileRe2 } from '../../series/re2.ts'

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

/** A larger program than this is more than a query is worth. */
const MAX_PROGRAM = 50_000
/** Steps of the automaton for one text: some seconds at the very worst. */
const MAX_STEPS = 20_000_000

/** An expression that met a text too long for it. */
export class RegexpTooSlow extends Error {}

/** Throws Error with Go's words: error parsing regexp: missing closing ): `(`. */
export function compileRegexp(pattern: string): Regexp {
  const compiled = compileBounded(pattern)
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
  const guard = guardOf(compiled, pattern)
  return {
    test: (text) => {
      guard(text)
      return compiled.test(text)
    },
    exec: (text) => {
      guard(text)
      const matcher = compiled.matcher(text)
      if (!matcher.find()) return undefined
      return { index: matcher.start(), groups: groupNames.map((_, i) => matcher.group(i) ?? undefined) }
    },
    groupCount,
    groupNames,
  }
}

/** Its messages are Go's, down to the part of the expression that they quote. */
function compileBounded(pattern: string): RE2JS {
  const compiled = compileRe2(pattern)
  if (compiled.programSize() > MAX_PROGRAM) throw new Error('error parsing regexp: expression too large')
  return compiled
}

function guardOf(compiled: RE2JS, pattern: string): (text: string) => void {
  const longest = MAX_STEPS / compiled.programSize()
  return ({ length }) => {
    if (length <= longest) return
    const shown = JSON.stringify(pattern.slice(0, 100))
    throw new RegexpTooSlow(`regular expression ${shown} takes too long on a text of ${length} characters`)
  }
}

/** What templates do with expressions; each is compiled once, unless there come very many. */
export class RegexpCache {
  readonly #known = new Map<string, RE2JS>()

  #compile(pattern: string, text: string): RE2JS {
    let compiled = this.#known.get(pattern)
    if (compiled === undefined) {
      compiled = compileBounded(pattern)
      if (this.#known.size >= 100) this.#known.clear()
      this.#known.set(pattern, compiled)
    }
    guardOf(compiled, pattern)(text)
    return compiled
  }

  /** Go's ReplaceAllString (where `$1` and `${name}` stand for groups), or the literal kind of it. */
  replaceAll(pattern: string, text: string, replacement: string, literal: boolean): string {
    const compiled = this.#compile(pattern, text)
    const names = compiled.namedGroups()
    let out = ''
    let from = 0
    for (const match of matches(compiled, text)) {
      out += text.slice(from, match.start())
      out += literal ? replacement : expand(replacement, (name) => groupText(match, names, name))
      from = match.end()
    }
    return out + text.slice(from)
  }

  count(pattern: string, text: string): number {
    let count = 0
    for (const _ of matches(this.#compile(pattern, text), text)) count++
    return count
  }
}

type Match = ReturnType<RE2JS['matcher']>

/** All matches, from left to right; an empty one right behind another does not count. */
function* matches(compiled: RE2JS, text: string): Iterable<Match> {
  const matcher = compiled.matcher(text)
  let last = -1
  while (matcher.find()) {
    if (matcher.end() === matcher.start() && matcher.start() === last) continue
    last = matcher.end()
    yield matcher
  }
}

function groupText(match: Match, names: Record<string, number>, name: string): string {
  const index = /^\d+$/.test(name) ? Number(name) : Object.hasOwn(names, name) ? names[name] : undefined
  return index === undefined || index > match.groupCount() ? '' : (match.group(index) ?? '')
}

/** Go's Regexp.Expand: `$1`, `${1}`, `$name` (the longest word), `$$`. */
export function expand(template: string, groupOf: (name: string) => string): string {
  return template.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) =>
    whole === '$$' ? '$' : groupOf((bare ?? braced)!),
  )
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
  const guard = guardOf(compiled, pattern)
  return (text) => {
    guard(text)
    return compiled.test(text)
  }
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
