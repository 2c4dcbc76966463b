import { attributeOf, stringOf } from '../../../otlp/attributes.ts'
import type { KeyValue } from '../../../otlp/types.ts'
import { goMatcher } from '../../../util/go-regexp.ts'

type Test = (text: string) => boolean

/** How properties are compared (internal/filter/filterset). Throws what the collector says of a bad type or pattern. */
export function tests(matchType: string) {
  const one = (pattern: string): Test => {
    if (matchType === 'strict') return (text) => text === pattern
    if (matchType === 'regexp') return goMatcher(pattern)
    throw new Error(`unrecognized match_type: '${matchType}', valid types are: [regexp strict]`)
  }
  return {
    one,
    /** Undefined, for anything goes, without patterns. */
    any(patterns: readonly string[], what: string): Test | undefined {
      if (patterns.length === 0) return undefined
      try {
        const made = patterns.map(one)
        return (text) => made.some((test) => test(text))
      } catch (error) {
        throw new Error(`error creating ${what} filters: ${(error as Error).message}`)
      }
    },
    /** Every attribute must be there, and where a value is given, match it. */
    all(wanted: readonly { key: string; value?: unknown }[]): (list: readonly KeyValue[]) => boolean {
      const made = wanted.map(({ key, value }) => ({ key, test: value == null ? () => true : one(String(value)) }))
      return (list) =>
        made.every(({ key, test }) => {
          const found = attributeOf(list, key)
          return found !== undefined && test(stringOf(found))
        })
    },
  }
}
