import { goPattern } from '../../util/go-regexp.ts'
import type { Complaint } from '../schema.ts'
import { conditionFault } from './ottl-fault.ts'

/** A policy of tail_sampling as the schema leaves it; which part counts is said by its type. */
// biome-ignore lint/suspicious/noExplicitAny: each type has its own part
export type Policy = { name: string; type: string } & Record<string, any>

const CODES = ['OK', 'ERROR', 'UNSET']

/** What only shows when the processor starts: the first fault of the first policy that has one. */
export function* policyFaults(policies: readonly Policy[], strategy: string): Generator<Complaint> {
  const names = new Set<string>()
  for (const [i, policy] of policies.entries()) {
    const key = ['policies', String(i)]
    const { name } = policy
    if (name === '') return yield { message: 'policy name cannot be empty', key }
    if (names.has(name)) return yield { message: `duplicate policy name ${JSON.stringify(name)}`, key }
    names.add(name)
    const fault = faultOf(policy)
    if (fault !== undefined) {
      return yield { message: `failed to create policy evaluator for ${JSON.stringify(name)}: ${fault}`, key }
    }
    if (strategy === 'span-ingest' && isStateful(policy)) {
      const words = `requires all policies to be stateless, but policy ${JSON.stringify(name)} is stateful`
      return yield { message: `sampling_strategy ${JSON.stringify(strategy)} ${words}`, key }
    }
  }
}

/** The policies inside of one, and what they may be besides the simple ones. */
export function partsOf(policy: Policy): Policy[] {
  if (policy.type === 'and') return policy.and.and_sub_policy
  if (policy.type === 'drop') return policy.drop.drop_sub_policy
  if (policy.type === 'not') return [policy.not.not_sub_policy]
  return policy.type === 'composite' ? policy.composite.composite_sub_policy : []
}

const INSIDE: Record<string, string[]> = { and: ['not'], drop: ['not'], not: [], composite: ['and'] }
const COMPOUND = ['and', 'not', 'drop', 'composite']

function faultOf(policy: Policy): string | undefined {
  for (const part of partsOf(policy)) {
    const allowed = !COMPOUND.includes(part.type) || INSIDE[policy.type]!.includes(part.type)
    const fault = allowed ? faultOf(part) : unknownType(part)
    if (fault !== undefined) return fault
  }
  if (COMPOUND.includes(policy.type)) return undefined
  const check = SIMPLE[policy.type]
  return check === undefined ? unknownType(policy) : check(policy)
}

const unknownType = ({ type }: Policy) => `unknown sampling policy type ${type}`

const fine = () => undefined

const SIMPLE: Record<string, (policy: Policy) => string | undefined> = {
  always_sample: fine,
  latency: fine,
  numeric_attribute: fine,
  probabilistic: fine,
  rate_limiting: fine,
  bytes_limiting: fine,
  span_count: fine,
  trace_state: fine,
  boolean_attribute: fine,
  trace_flags: fine,
  status_code({ status_code: { status_codes: codes } }) {
    if (codes.length === 0) return 'expected at least one status code to filter on'
    const unknown = (codes as string[]).find((code) => !CODES.includes(code))
    return unknown === undefined
      ? undefined
      : `unknown status code ${JSON.stringify(unknown)}, supported: OK, ERROR, UNSET`
  },
  string_attribute({ string_attribute: s }) {
    if (!s.enabled_regex_matching) return undefined
    for (const pattern of s.values as string[]) {
      try {
        goPattern(pattern)
      } catch (error) {
        return `invalid regex \`${pattern}\`: ${(error as Error).message}`
      }
    }
    return undefined
  },
  ottl_condition({ ottl_condition: { span, spanevent } }) {
    if (span.length === 0 && spanevent.length === 0) return 'expected at least one OTTL condition to filter on'
    return conditionFault(span, 'span') ?? conditionFault(spanevent, 'spanevent')
  },
}

/** One that cannot decide on a part of a trace alone. */
function isStateful(policy: Policy): boolean {
  const { type } = policy
  if (type === 'latency') return policy.latency.upper_threshold_ms > 0
  if (type === 'span_count') return policy.span_count.max_spans > 0
  return type === 'rate_limiting' || type === 'bytes_limiting' || partsOf(policy).some(isStateful)
}
