import { compare } from '../arithmetic.ts'
import type { LabelFilter } from '../ast.ts'
import { parseByteSize } from '../go/bytes.ts'
import { parseGoDuration } from '../go/duration.ts'
import { type Parsed, parseFloat64 } from '../go/number.ts'
import type { Matcher } from '../source.ts'
import type { EarlyFilter } from './hints.ts'
import { compileIp } from './ip.ts'
import { compileLabelRegexp } from './label-regexp.ts'
import type { LineLabels } from './labels.ts'
import { ERROR_LABEL } from './reserved.ts'

type Test = (labels: LineLabels) => boolean

export interface CompiledFilter {
  passes: Test
  uses: string[]
  /** Set for a filter on one label, which a parser may ask at once. */
  early: EarlyFilter | undefined
}

/** `| level="error" and (latency > 1s or size < 5KiB), addr = ip("10.0.0.0/8")`. Throws Error. */
export function compileLabelFilter(filter: LabelFilter): CompiledFilter {
  const passes = compile(filter)
  const uses = [...new Set(namesOf(filter))]
  const single = filter.filter !== 'and' && filter.filter !== 'or'
  return { passes, uses, early: single ? { label: uses[0] ?? '', passes } : undefined }
}

function namesOf(filter: LabelFilter): string[] {
  if ('left' in filter) return [...namesOf(filter.left), ...namesOf(filter.right)]
  if (filter.filter !== 'matcher') return [filter.label]
  // One that lets everything pass looks at nothing.
  return isNoop(filter.matcher) ? [] : [filter.matcher.name]
}

function isNoop({ operator, value }: Matcher): boolean {
  return operator === '=~' && (value === '.*' || value === '')
}

function compile(filter: LabelFilter): Test {
  switch (filter.filter) {
    case 'and':
    case 'or': {
      const left = compile(filter.left)
      const right = compile(filter.right)
      if (filter.filter === 'or') return (labels) => left(labels) || right(labels)
      // Both are asked, since the right one may have an error to tell of.
      return (labels) => {
        const first = left(labels)
        return right(labels) && first
      }
    }
    case 'matcher':
      return matcherTest(filter.matcher)
    case 'ip':
      return ipTest(filter)
    case 'number':
      return comparison(filter.label, parseFloat64, (value) => compare(filter.operator, value, filter.value))
    case 'duration':
      return comparison(filter.label, parseGoDuration, (value) => compare(filter.operator, value, filter.nanos))
    case 'bytes':
      return comparison(filter.label, parseByteSize, (value) => compare(filter.operator, value, filter.bytes))
  }
}

/** The only filter that sees `__error__`, and to which a missing label is an empty one. */
function matcherTest({ name, operator, value }: Matcher): Test {
  const read: (labels: LineLabels) => string =
    name === ERROR_LABEL ? (labels) => labels.error : (labels) => labels.get(name) ?? ''
  if (operator === '=') return (labels) => read(labels) === value
  if (operator === '!=') return (labels) => read(labels) !== value
  const matches = compileLabelRegexp(value)
  return operator === '=~' ? (labels) => matches(read(labels)) : (labels) => !matches(read(labels))
}

function ipTest({ label, operator, pattern }: LabelFilter & { filter: 'ip' }): Test {
  const contains = compileIp(pattern)
  return (labels) => {
    if (labels.error !== '') return true
    const value = labels.get(label)
    return value !== undefined && contains(value) === (operator === '=')
  }
}

/** A line without the label is dropped; one whose label cannot be read is kept, and bears the error. */
function comparison<T>(name: string, parse: (text: string) => Parsed<T>, holds: (value: T) => boolean): Test {
  return (labels) => {
    const text = labels.get(name)
    if (text === undefined) return false
    const parsed = parse(text)
    if ('value' in parsed) return holds(parsed.value)
    if (labels.error === '') labels.fail('LabelFilterErr', parsed.error)
    return true
  }
}
