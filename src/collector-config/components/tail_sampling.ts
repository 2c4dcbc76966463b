import { component } from '../component.ts'
import { bool, duration, type Fields, float, int, list, maybe, oneOf, string, strings, struct } from '../schema.ts'
import { type Policy, policyFaults } from '../shared/tail-policies.ts'

const int64 = (value = 0) => int(value, 'int64')
const uint64 = (value = 0) => int(value, 'uint64')

/** What every kind of policy is made of; other keys belong to extensions. */
const shared = () => ({
  name: string(),
  type: string(),
  latency: struct('tailsamplingprocessor.LatencyCfg', { threshold_ms: int64(), upper_threshold_ms: int64() }),
  numeric_attribute: struct('tailsamplingprocessor.NumericAttributeCfg', {
    key: string(),
    min_value: int64(),
    max_value: int64(),
    invert_match: bool(),
  }),
  probabilistic: struct('tailsamplingprocessor.ProbabilisticCfg', {
    hash_salt: string(),
    sampling_percentage: float(),
  }),
  status_code: struct('tailsamplingprocessor.StatusCodeCfg', { status_codes: strings() }),
  string_attribute: struct('tailsamplingprocessor.StringAttributeCfg', {
    key: string(),
    values: strings(),
    enabled_regex_matching: bool(),
    cache_max_size: int(),
    invert_match: bool(),
  }),
  rate_limiting: struct('tailsamplingprocessor.RateLimitingCfg', {
    spans_per_second: int64(),
    burst_capacity: int64(),
  }),
  bytes_limiting: struct('tailsamplingprocessor.BytesLimitingCfg', {
    bytes_per_second: int64(),
    burst_capacity: int64(),
  }),
  span_count: struct('tailsamplingprocessor.SpanCountCfg', { min_spans: int(0, 'int32'), max_spans: int(0, 'int32') }),
  trace_state: struct('tailsamplingprocessor.TraceStateCfg', { key: string(), values: strings() }),
  boolean_attribute: struct('tailsamplingprocessor.BooleanAttributeCfg', {
    key: string(),
    value: bool(),
    invert_match: bool(),
  }),
  ottl_condition: struct('tailsamplingprocessor.OTTLConditionCfg', {
    error_mode: oneOf(['ignore', 'silent', 'propagate', ''], '', (text) => `unknown error mode ${text}`),
    span: strings(),
    spanevent: strings(),
  }),
})

const open = (go: string, more: Fields = {}) => ({
  ...struct(`tailsamplingprocessor.${go}`, { ...shared(), ...more }),
  open: true,
})

const not = () => struct('tailsamplingprocessor.NotCfg', { not_sub_policy: open('NotSubPolicyCfg') })
const andPolicies = () => list(open('AndSubPolicyCfg', { not: not() }))
const and = () => struct('tailsamplingprocessor.AndCfg', { and_sub_policy: andPolicies() })

const composite = () =>
  struct('tailsamplingprocessor.CompositeCfg', {
    max_total_spans_per_second: int64(),
    policy_order: strings(),
    composite_sub_policy: list(open('CompositeSubPolicyCfg', { and: and() })),
    rate_allocation: list(struct('tailsamplingprocessor.RateAllocationCfg', { policy: string(), percent: int64() })),
  })

const STRATEGIES = ['trace-complete', 'span-ingest']
const MAX_SHARDS = 256

/** Keeps whole traces by what is in them, once they have had time to come. */
export const tailSamplingProcessor = component({
  kind: 'processor',
  type: 'tail_sampling',
  signals: ['traces'],
  schema: struct(
    'tailsamplingprocessor.Config',
    {
      decision_wait: duration(30_000),
      decision_wait_after_root_received: duration(),
      num_traces: uint64(50_000),
      block_on_overflow: bool(),
      expected_new_traces_per_sec: uint64(),
      policies: list(
        open('PolicyCfg', {
          composite: composite(),
          and: and(),
          not: not(),
          drop: struct('tailsamplingprocessor.DropCfg', { drop_sub_policy: andPolicies() }),
        }),
      ),
      decision_cache: struct('tailsamplingprocessor.DecisionCacheConfig', {
        sampled_cache_size: int(),
        non_sampled_cache_size: int(),
      }),
      tail_storage: maybe(string()),
      sample_on_first_match: bool(),
      sampling_strategy: string('trace-complete'),
      drop_pending_traces_on_shutdown: bool(),
      maximum_trace_size_bytes: uint64(),
      num_shards: int(1, 'uint32'),
    },
    function* (t) {
      if (!STRATEGIES.includes(t.sampling_strategy)) {
        const expected = STRATEGIES.map((one) => JSON.stringify(one)).join(' or ')
        const message = `invalid sampling_strategy ${JSON.stringify(t.sampling_strategy)}, expected one of ${expected}`
        return yield { message, key: ['sampling_strategy'] }
      }
      if (t.num_shards > MAX_SHARDS) {
        return yield { message: `num_shards (${t.num_shards}) must not exceed ${MAX_SHARDS}`, key: ['num_shards'] }
      }
      if (t.tail_storage === undefined) return
      if (t.num_shards > 1) {
        return yield { message: 'num_shards greater than 1 is not supported with tail_storage', key: ['tail_storage'] }
      }
      const gate = 'processor.tailsamplingprocessor.tailstorageextension'
      const message = `'tail_storage' requires the "${gate}" feature gate to be enabled, use --feature-gates=+${gate}`
      yield { message, key: ['tail_storage'] }
    },
  ),
  start: function* (t) {
    yield* policyFaults(t.policies as Policy[], t.sampling_strategy)
  },
})
