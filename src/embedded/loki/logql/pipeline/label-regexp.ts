import { compileRegexp } from '../regexp.ts'

const LITERAL = String.raw`(?:[\w \-:/@#,;<>=&%!"'~]|\\[.\-|()[\]{}*+?^$/])`
const ALTERNATIVE = new RegExp(`^(\\.\\*)?(${LITERAL}*)(\\.\\*)?$`)

/** One alternative of an expression that is plain but for `.*` at its ends. */
interface Alternative {
  text: string
  /** With `.*` in front, or behind. */
  open: boolean
  front: boolean
}

/**
 * `| label =~ "..."`: the whole value must match. But Loki turns some expressions into plain comparisons first,
 * and then `foo.*` and words with a common start (`foobar|foobuzz`) match anywhere in the value; so here too.
 */
export function compileLabelRegexp(pattern: string): (value: string) => boolean {
  const anchored = compileRegexp(`^(?:${pattern})$`)
  if (pattern === '' || pattern === '.*') return () => true
  if (pattern === '.+') return (value) => value !== ''
  return comparison(pattern) ?? anchored.test
}

function comparison(pattern: string): ((value: string) => boolean) | undefined {
  const folding = pattern.startsWith('(?i)')
  const body = folding ? pattern.slice(4) : pattern
  const bare = /^\([^()]*\)$/.test(body) ? body.slice(1, -1) : body
  const alternatives = bare.split(/(?<!\\)\|/).map(parseAlternative)
  if (alternatives.some((a) => a === undefined)) return undefined
  const groups = compareGroups(alternatives as Alternative[])
  if (groups === undefined) return undefined
  const fold = (text: string) => (folding ? text.toLowerCase() : text)
  const exact = new Set(groups.exact.map(fold))
  const parts = groups.parts.map(fold)
  return (value) => {
    const text = fold(value)
    return exact.has(text) || parts.some((part) => text.includes(part))
  }
}

function parseAlternative(source: string): Alternative | undefined {
  const found = ALTERNATIVE.exec(source)
  if (found === null || found[2] === '') return undefined
  const front = found[1] !== undefined
  return { text: found[2]!.replaceAll(/\\(.)/g, '$1'), open: front || found[3] !== undefined, front }
}

/** Undefined where Go would make of it what Loki leaves to the expression: a class of characters, `.*(?:a|b)`. */
function compareGroups(all: readonly Alternative[]): { exact: string[]; parts: string[] } | undefined {
  const groups = withCommonStart(all)
  if (groups.some((group) => group.length > 1 && (group[0]!.front || !isPlain(group)))) return undefined
  if (hasClass(groups)) return undefined
  const single = groups.filter((group) => group.length === 1).flat()
  return {
    exact: single.filter((a) => !a.open).map((a) => a.text),
    parts: [...single.filter((a) => a.open), ...groups.filter((group) => group.length > 1).flat()].map((a) => a.text),
  }
}

/** Go takes alternatives side by side that start alike together; one that starts with `.*` only with its like. */
function withCommonStart(all: readonly Alternative[]): Alternative[][] {
  const groups: Alternative[][] = []
  for (const one of all) {
    const last = groups.at(-1)
    const alike = last !== undefined && last[0]!.front === one.front && (one.front || last[0]!.text[0] === one.text[0])
    if (alike && one.text !== '') last.push(one)
    else groups.push([one])
  }
  return groups
}

/** Single characters side by side become a class. */
function hasClass(groups: readonly Alternative[][]): boolean {
  const isCharacter = (group: readonly Alternative[] | undefined) =>
    group?.length === 1 && !group[0]!.open && [...group[0]!.text].length === 1
  return groups.some((group, i) => isCharacter(group) && isCharacter(groups[i - 1]))
}

/** Whether no class comes up in what is left after the common start. */
function isPlain(group: readonly Alternative[]): boolean {
  let common = 0
  const [first] = group as [Alternative]
  while (group.every(({ text }) => common < text.length && text[common] === first.text[common])) common++
  const rests = withCommonStart(group.map((a) => ({ ...a, text: a.text.slice(common) })))
  return !hasClass(rests) && rests.every((rest) => rest.length === 1 || rest[0]!.text === '' || isPlain(rest))
}
