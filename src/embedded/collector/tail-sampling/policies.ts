import { type Policy, partsOfPolicy } from '../../../collector-config.ts'
import { attributeOf } from '../../../otlp/attributes.ts'
import { traceStateMembers } from '../../../otlp/trace-state.ts'
import type { AnyValue, Resource, Span } from '../../../otlp/types.ts'
import { type Context, compileCondition, type Scene, withContext } from '../../../ottl.ts'
import { goMatcher } from '../../../util/go-regexp.ts'
import { saltedHash } from '../sampling/hashing.ts'
import { createBucket } from './bucket.ts'
import { type Decision, spansOf, type TraceView } from './trace.ts'

/** Decides on a trace. Throws Error where it cannot. */
export type Evaluate = (trace: TraceView, now: number) => Decision

// biome-ignore lint/suspicious/noExplicitAny: each type has its own part, the schema has checked it
type Settings = Record<string, any>

const some = (fits: boolean): Decision => (fits ? 'sampled' : 'not_sampled')

/** An attribute of the resource or of a span; with `invert`, a match anywhere keeps the trace out. */
function byAttribute(
  { key, invert_match: invert }: { key: string; invert_match: boolean },
  ofResource: (value: AnyValue) => boolean,
  ofSpan: (value: AnyValue) => boolean = ofResource,
): Evaluate {
  const matches = ({ attributes }: Resource | Span, fits: (value: AnyValue) => boolean) => {
    const value = attributeOf(attributes, key)
    return value !== undefined && fits(value)
  }
  return ({ groups }) => {
    const found = groups.some(
      (group) => matches(group.resource, ofResource) || [...spansOf([group])].some((span) => matches(span, ofSpan)),
    )
    return some(found !== invert)
  }
}

const CODES = ['UNSET', 'OK', 'ERROR']
const MAX64 = 2n ** 64n - 1n

/** The simple policies, by their type. */
const SIMPLE: Record<string, (policy: Settings) => Evaluate> = {
  always_sample: () => () => 'sampled',
  trace_flags: () => (trace) => some([...spansOf(trace.groups)].some(({ flags }) => (flags & 1) !== 0)),
  latency({ latency: { threshold_ms: least, upper_threshold_ms: most } }) {
    return ({ groups }) => {
      let [start, end] = [0n, 0n]
      for (const span of spansOf(groups)) {
        if (start === 0n || span.startTimeUnixNano < start) start = span.startTimeUnixNano
        if (end === 0n || span.endTimeUnixNano > end) end = span.endTimeUnixNano
        const ms = (end - start) / 1_000_000n
        if (ms > BigInt(least) && (most === 0 || ms <= BigInt(most))) return 'sampled'
      }
      return 'not_sampled'
    }
  },
  numeric_attribute({ numeric_attribute: s }) {
    const least = s.min_value === 0 ? -(2n ** 63n) : BigInt(s.min_value)
    const most = s.max_value === 0 ? 2n ** 63n - 1n : BigInt(s.max_value)
    // To pdata what is no whole number is 0 as one.
    const number = (value: AnyValue) => (typeof value === 'bigint' ? value : 0n)
    return byAttribute(s, (value) => number(value) >= least && number(value) <= most)
  },
  boolean_attribute: ({ boolean_attribute: s }) => byAttribute(s, (value) => (value === true) === s.value),
  string_attribute({ string_attribute: s }) {
    const values: string[] = s.values
    const tests = s.enabled_regex_matching
      ? values.map(goMatcher)
      : [(text: string) => text !== '' && values.includes(text)]
    const text = (value: AnyValue) => (typeof value === 'string' ? value : '')
    const fits = (value: AnyValue) => tests.some((test) => test(text(value)))
    return byAttribute(s, fits, (value) => text(value) !== '' && fits(value))
  },
  status_code({ status_code: { status_codes: codes } }) {
    const wanted = (codes as string[]).map((code) => CODES.indexOf(code))
    return ({ groups }) => some([...spansOf(groups)].some(({ status }) => wanted.includes(status.code)))
  },
  probabilistic({ probabilistic: { hash_salt: salt, sampling_percentage: percentage } }) {
    const ratio = percentage / 100
    // In 53 bits, as a float64 times 2^64-1 in a big.Float of 64.
    const threshold = ratio >= 1 ? MAX64 : ratio <= 0 ? 0n : scaled(ratio)
    return ({ traceId }) => some(saltedHash(salt || 'default-hash-seed', Buffer.from(traceId, 'hex')) <= threshold)
  },
  rate_limiting({ rate_limiting: s }) {
    const allow = createBucket(s.spans_per_second, s.burst_capacity || s.spans_per_second * 2)
    return ({ spanCount }, now) => some(allow(spanCount, now))
  },
  bytes_limiting({ bytes_limiting: s }) {
    const allow = createBucket(s.bytes_per_second, s.burst_capacity || s.bytes_per_second * 2)
    return ({ bytes }, now) => some(allow(bytes, now))
  },
  span_count({ span_count: { min_spans: least, max_spans: most } }) {
    return ({ spanCount }) => some(spanCount >= least && (most === 0 || spanCount <= most))
  },
  trace_state({ trace_state: { key, values } }) {
    const wanted = (values as string[]).filter((value) => value !== '' && key.length + value.length < 256)
    const held = ({ traceState }: Span) => traceStateMembers(traceState)?.get(key) ?? ''
    return ({ groups }) => some([...spansOf(groups)].some((span) => wanted.includes(held(span))))
  },
  ottl_condition: ({ ottl_condition: s }) => byCondition(s),
}

function byCondition({
  span,
  spanevent,
  error_mode: mode,
}: {
  span: string[]
  spanevent: string[]
  error_mode: string
}): Evaluate {
  const compile = (texts: string[], context: Context) => {
    const conditions = texts.map((text) => ({
      text,
      holds: compileCondition(withContext(text, context), { context, named: true }),
    }))
    return (scene: Scene) =>
      conditions.some(({ text, holds }) => {
        try {
          return holds(scene)
        } catch (error) {
          if (mode !== 'propagate') return false
          throw new Error(`failed to eval condition: ${text}, ${(error as Error).message}`)
        }
      })
  }
  const [ofSpan, ofEvent] = [compile(span, 'span'), compile(spanevent, 'spanevent')]
  return ({ groups }) => {
    for (const group of groups) {
      for (const scope of group.scopes) {
        for (const item of scope.items) {
          const scene = { group, scope, span: item }
          if (ofSpan(scene)) return 'sampled'
          if (spanevent.length > 0 && item.events.some((event) => ofEvent({ ...scene, spanevent: event })))
            return 'sampled'
        }
      }
    }
    return 'not_sampled'
  }
}

/** ratio * (2^64 - 1), rounded to 64 bits as a big.Float does and cut. */
function scaled(ratio: number): bigint {
  const exponent = Math.floor(Math.log2(ratio))
  const mantissa = BigInt(ratio * 2 ** (52 - exponent))
  const shift = BigInt(52 - exponent)
  return (mantissa * MAX64) >> shift
}

/** A policy at work; the schema's check has seen that it is sound. */
export function evaluatorOf(policy: Policy): Evaluate {
  if (policy.type === 'and') {
    const parts = partsOfPolicy(policy).map(evaluatorOf)
    return (trace, now) => some(parts.every((part) => part(trace, now) === 'sampled'))
  }
  if (policy.type === 'drop') {
    const parts = partsOfPolicy(policy).map(evaluatorOf)
    return (trace, now) => (parts.every((part) => part(trace, now) === 'sampled') ? 'dropped' : 'not_sampled')
  }
  if (policy.type === 'not') {
    const part = evaluatorOf(policy.not.not_sub_policy)
    return (trace, now) => some(part(trace, now) !== 'sampled')
  }
  return policy.type === 'composite' ? composite(policy.composite) : SIMPLE[policy.type]!(policy)
}

/** The first part that wants a trace has it, as far as its share of the spans of this second goes. */
function composite(s: Settings): Evaluate {
  const total = s.max_total_spans_per_second as number
  const percents = new Map((s.rate_allocation as Settings[]).map(({ policy, percent }) => [policy, percent]))
  const parts = (s.composite_sub_policy as Policy[]).map((policy, _, all) => {
    const percent = percents.get(policy.name) ?? 0
    const share = Math.trunc(percent > 0 ? (percent / 100) * total : total / all.length)
    return { evaluate: evaluatorOf(policy), share, taken: 0 }
  })
  let second = 0
  return (trace, now) => {
    const current = Math.floor(now / 1000)
    if (current !== second) {
      second = current
      for (const part of parts) part.taken = 0
    }
    const first = parts.find(({ evaluate }) => evaluate(trace, now) === 'sampled')
    if (first === undefined) return 'not_sampled'
    const taken = first.taken + trace.spanCount
    if (taken > first.share || taken > total) return 'not_sampled'
    first.taken = taken
    return 'sampled'
  }
}
