import { goMatcher } from '../../util/go-regexp.ts'
import { table } from '../../util/table.ts'
import { arg, define, list, type OttlFunction, opt } from '../function.ts'
import { camelCase, snakeCase, upperCase } from './cases.ts'
import { sprintf } from './sprintf.ts'

const CASES: Record<string, (text: string) => string> = table({
  lower: (text) => text.toLowerCase(),
  upper: upperCase,
  snake: snakeCase,
  camel: camelCase,
})

const MAX_PATTERNS = 256

/** IsMatch alone asks so often that its answers are worth to be remembered (`goMatcher` does). */
function matcherOf(literal: unknown): (pattern: string) => (text: string) => boolean {
  if (typeof literal === 'string') {
    try {
      const test = goMatcher(literal)
      return () => test
    } catch (error) {
      const told = `the regex pattern supplied to IsMatch '${JSON.stringify(literal)}' is not a valid pattern`
      throw new Error(`${told}: ${(error as Error).message}`)
    }
  }
  const known = new Map<string, (text: string) => boolean>()
  return (pattern) => {
    const test = known.get(pattern) ?? goMatcher(pattern)
    if (known.size >= MAX_PATTERNS) known.clear()
    known.set(pattern, test)
    return test
  }
}

/** On bytes, as Go's strings are cut. */
function substring(text: string, start: bigint, length: bigint, safe: boolean): string {
  if (start < 0n) throw new Error(`invalid start for substring function, ${start} cannot be negative`)
  if (length <= 0n) throw new Error(`invalid length for substring function, ${length} cannot be negative or zero`)
  const bytes = Buffer.from(text)
  if (start + length > BigInt(bytes.length)) {
    const range = `start(${start})+length(${length})`
    throw new Error(
      `invalid range for substring function, ${range} cannot be greater than the length of target string(${bytes.length})`,
    )
  }
  let [from, to] = [Number(start), Number(start + length)]
  const inside = (at: number) => at < bytes.length && (bytes[at]! & 0xc0) === 0x80
  if (safe) {
    while (inside(from)) from++
    while (from < to && inside(to)) to--
  }
  return bytes.subarray(from, Math.max(from, to)).toString()
}

function trim(text: string, cut: string): string {
  const [chars, all] = [new Set(cut), [...text]]
  let [from, to] = [0, all.length]
  while (from < to && chars.has(all[from]!)) from++
  while (to > from && chars.has(all[to - 1]!)) to--
  return all.slice(from, to).join('')
}

const cased = (name: string, way: string) =>
  define(name, [arg('Target', 'StringGetter')], ([text]) => CASES[way]!(text))

export const TEXTS: readonly OttlFunction[] = [
  define(
    'IsMatch',
    [arg('Target', 'StringLikeGetter'), arg('Pattern', 'StringGetter')],
    () => false,
    ([, literal]) => {
      const matcher = matcherOf(literal)
      return ([target, pattern]) => {
        const test = matcher(pattern)
        return target !== null && test(target)
      }
    },
  ),
  define('Concat', [list('Vals', 'StringLikeGetter'), arg('Delimiter', 'StringGetter')], ([values, delimiter]) =>
    values.map((value) => value ?? '<nil>').join(delimiter),
  ),
  define(
    'ConvertCase',
    [arg('Target', 'StringGetter'), arg('ToCase', 'string')],
    ([text, way]) => CASES[way]!(text),
    ([, way]) => {
      if (typeof way !== 'string' || CASES[way] !== undefined) return undefined
      throw new Error(`invalid case: ${way}, allowed cases are: lower, upper, snake, camel`)
    },
  ),
  cased('ToLowerCase', 'lower'),
  cased('ToUpperCase', 'upper'),
  cased('ToSnakeCase', 'snake'),
  cased('ToCamelCase', 'camel'),
  define('HasPrefix', [arg('Target', 'StringGetter'), arg('Prefix', 'StringGetter')], ([text, prefix]) =>
    text.startsWith(prefix),
  ),
  define('HasSuffix', [arg('Target', 'StringGetter'), arg('Suffix', 'StringGetter')], ([text, suffix]) =>
    text.endsWith(suffix),
  ),
  define(
    'Substring',
    [arg('Target', 'StringGetter'), arg('Start', 'IntGetter'), arg('Length', 'IntGetter'), opt('Utf8Safe', 'bool')],
    ([text, start, length, safe]) => substring(text, start, length, safe ?? false),
  ),
  define('Split', [arg('Target', 'StringGetter'), arg('Delimiter', 'StringGetter')], ([text, by]) => text.split(by)),
  define('Trim', [arg('Target', 'StringGetter'), opt('Replacement', 'string')], ([text, cut]) =>
    trim(text, cut ?? ' '),
  ),
  define('TrimPrefix', [arg('Target', 'StringGetter'), arg('Prefix', 'StringGetter')], ([text, prefix]) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  define('TrimSuffix', [arg('Target', 'StringGetter'), arg('Suffix', 'StringGetter')], ([text, suffix]) =>
    suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  define('Format', [arg('Format', 'string'), list('Vals', 'Getter')], ([format, values]) => sprintf(format, values)),
]
