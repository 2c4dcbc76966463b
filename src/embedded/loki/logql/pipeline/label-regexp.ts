import { compileRegexp } from '../regexp.ts'

const LITERAL = String.raw`(?:[\w \-:/@#,;<>=&%!"'~]|\\[.\-|()[\]{}*+?^$/])`
const AROUND = new RegExp(`^(\\(\\?i\\))?(?:\\.\\*)?(${LITERAL}+)(?:\\.\\*)?$`)
const CHOICE = new RegExp(`^(${LITERAL}+(?:\\|${LITERAL}+)+)$|^\\((${LITERAL}+(?:\\|${LITERAL}+)+)\\)$`)

/**
 * `| label =~ "..."`: the whole value must match. But Loki turns some expressions into plain comparisons first,
 * and then `foo.*` and words with a common start (`foobar|foobuzz`) match anywhere in the value; so here too.
 */
export function compileLabelRegexp(pattern: string): (value: string) => boolean {
  const anchored = compileRegexp(`^(?:${pattern})$`)
  if (pattern === '' || pattern === '.*') return () => true
  if (pattern === '.+') return (value) => value !== ''
  const around = AROUND.exec(pattern)
  if (around !== null && pattern.includes('.*') && !pattern.endsWith('\\.*')) {
    const text = unescapeText(around[2]!)
    if (around[1] === undefined) return (value) => value.includes(text)
    const folded = text.toLowerCase()
    return (value) => value.toLowerCase().includes(folded)
  }
  const choice = CHOICE.exec(pattern)
  if (choice !== null) {
    const words = (choice[1] ?? choice[2]!).split(/(?<!\\)\|/).map(unescapeText)
    return compareWords(words) ?? anchored.test
  }
  return anchored.test
}

const unescapeText = (text: string) => text.replaceAll(/\\(.)/g, '$1')

/** Undefined where Go would make a character class of it, which Loki leaves to the expression. */
function compareWords(words: readonly string[]): ((value: string) => boolean) | undefined {
  const groups = withCommonStart(words)
  // Words of one character that stand side by side become a class.
  if (groups.some((group, i) => isCharacter(group) && i > 0 && isCharacter(groups[i - 1]!))) return undefined
  const anywhere = groups.filter((group) => group.length > 1)
  if (anywhere.some((group) => !isPlain(group))) return undefined
  const exact = new Set(groups.filter((group) => group.length === 1).flat())
  const parts = anywhere.flat()
  return (value) => exact.has(value) || parts.some((part) => value.includes(part))
}

const isCharacter = (group: readonly string[]) => group.length === 1 && group[0]!.length === 1

function withCommonStart(words: readonly string[]): string[][] {
  const groups: string[][] = []
  for (const word of words) {
    const last = groups.at(-1)
    if (last !== undefined && word !== '' && last[0]![0] === word[0]) last.push(word)
    else groups.push([word])
  }
  return groups
}

/** Whether no class comes up in what is left after the common start. */
function isPlain(group: readonly string[]): boolean {
  let common = 0
  while (group.every((word) => common < word.length && word[common] === group[0]![common])) common++
  const rests = withCommonStart(group.map((word) => word.slice(common)))
  if (rests.some((rest, i) => isCharacter(rest) && i > 0 && isCharacter(rests[i - 1]!))) return false
  return rests.every((rest) => rest.length === 1 || isPlain(rest))
}
