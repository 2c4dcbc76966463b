import { KeyValueList } from '../../../otlp/types.ts'
import type { GoPattern } from '../../../util/go-regexp.ts'
import { arg, define, type Literals, type NamedFunction, type OttlFunction, opt } from '../../function.ts'
import { patternOf } from '../regex.ts'
import { globMatcher } from './glob.ts'

/** What a function makes of the replacement, and a format around it. */
function shaped(text: string, fn: NamedFunction, format: string | undefined): string {
  const made = fn(text)
  if (typeof made !== 'string') throw new Error('the replacement value must be a string')
  if (format === undefined) return made
  if (!/^(.*?%s.*?)$/.test(format) || /%[^s]/.test(format)) {
    throw new Error('replacementFormat must be format string containing a single %s and no other format specifiers')
  }
  const [first, ...more] = format.split('%s')
  return `${first}${made}${more.join('%!s(MISSING)')}`
}

function replaceIn(text: string, pattern: GoPattern, template: string, fn?: NamedFunction, format?: string): string {
  return pattern.replaceAll(text, template, fn && ((replacement) => shaped(replacement, fn, format)))
}

/** A glob that is written out is compiled once. */
function globOf(name: string, literals: Literals): (pattern: string) => (text: string) => boolean {
  const [, literal] = literals
  const compile = (pattern: string) => {
    try {
      return globMatcher(pattern)
    } catch (error) {
      const told = `the regex pattern supplied to ${name} '${JSON.stringify(pattern)}' is not a valid pattern`
      throw new Error(`${told}: ${(error as Error).message}`)
    }
  }
  if (typeof literal !== 'string') return compile
  const compiled = compile(literal)
  return () => compiled
}

const PATTERN = arg('Pattern', 'StringGetter')
const REGEX = arg('RegexPattern', 'StringGetter')
const REPLACEMENT = arg('Replacement', 'StringGetter')
const FUNCTION = opt('Function', 'FunctionGetter')
const FORMAT = opt('ReplacementFormat', 'StringGetter')
const never = () => {}

export const REPLACE_EDITORS: readonly OttlFunction[] = [
  define('replace_match', [arg('Target', 'GetSetter'), PATTERN, REPLACEMENT, FUNCTION, FORMAT], never, (literals) => {
    const glob = globOf('replace_match', literals)
    return ([target, pattern, replacement, fn, format]) => {
      const value = target.get()
      const written = fn ? shaped(replacement, fn, format) : replacement
      if (typeof value === 'string' && glob(pattern)(value)) target.set(written)
    }
  }),
  define(
    'replace_all_matches',
    [arg('Target', 'PMapGetSetter'), PATTERN, REPLACEMENT, FUNCTION, FORMAT],
    never,
    (literals) => {
      const glob = globOf('replace_all_matches', literals)
      return ([target, pattern, replacement, fn, format]) => {
        const [test, written] = [glob(pattern), fn ? shaped(replacement, fn, format) : replacement]
        const pairs = target.get().values.map(({ key, value }) => ({
          key,
          value: typeof value === 'string' && test(value) ? written : value,
        }))
        target.set(new KeyValueList(pairs))
      }
    },
  ),
  define('replace_pattern', [arg('Target', 'GetSetter'), REGEX, REPLACEMENT, FUNCTION, FORMAT], never, (literals) => {
    const compiled = patternOf('replace_pattern', literals, 1)
    return ([target, pattern, replacement, fn, format]) => {
      const value = target.get()
      if (typeof value !== 'string' || !compiled(pattern).test(value)) return
      target.set(replaceIn(value, compiled(pattern), replacement, fn, format))
    }
  }),
  define(
    'replace_all_patterns',
    [arg('Target', 'PMapGetSetter'), arg('Mode', 'string'), REGEX, REPLACEMENT, FUNCTION, FORMAT],
    never,
    (literals) => {
      const compiled = patternOf('replace_all_patterns', literals, 2)
      const [, mode] = literals
      if (mode !== 'key' && mode !== 'value') {
        throw new Error(`invalid mode ${String(mode)}, must be either 'key' or 'value'`)
      }
      return ([target, , pattern, replacement, fn, format]) => {
        const regex = compiled(pattern)
        const changed = (text: string) => {
          if (!regex.test(text)) return text
          try {
            return replaceIn(text, regex, replacement, fn, format)
          } catch {
            return undefined
          }
        }
        const pairs = new Map(
          target.get().values.flatMap(({ key, value }) => {
            if (mode === 'value') return [[key, typeof value === 'string' ? (changed(value) ?? value) : value] as const]
            const name = changed(key)
            // A key whose function fails is gone, in the real one too.
            return name === undefined ? [] : [[name, value] as const]
          }),
        )
        target.set(new KeyValueList([...pairs].map(([key, value]) => ({ key, value }))))
      }
    },
  ),
]
