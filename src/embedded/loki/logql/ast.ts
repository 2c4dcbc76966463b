import type { Matcher } from './source.ts'

export type Expression = LogExpression | MetricExpression

/** `{app="x"} |= "error" | json`: lines. */
export interface LogExpression {
  node: 'logs'
  matchers: Matcher[]
  stages: Stage[]
}

export type MetricExpression =
  | RangeAggregation
  | VectorAggregation
  | BinaryOperation
  | LiteralExpression
  | LabelReplace
  | VectorExpression

export const RANGE_OPERATIONS = [
  'count_over_time',
  'rate',
  'rate_counter',
  'bytes_over_time',
  'bytes_rate',
  'avg_over_time',
  'sum_over_time',
  'min_over_time',
  'max_over_time',
  'stdvar_over_time',
  'stddev_over_time',
  'quantile_over_time',
  'first_over_time',
  'last_over_time',
  'absent_over_time',
] as const
export type RangeOperation = (typeof RANGE_OPERATIONS)[number]

export const VECTOR_OPERATIONS = [
  'sum',
  'avg',
  'count',
  'max',
  'min',
  'stddev',
  'stdvar',
  'bottomk',
  'topk',
  'sort',
  'sort_desc',
  'approx_topk',
] as const
export type VectorOperation = (typeof VECTOR_OPERATIONS)[number]

export interface RangeAggregation {
  node: 'range'
  operation: RangeOperation
  /** Of quantile_over_time. */
  parameter: number | undefined
  range: LogRange
  grouping: Grouping | undefined
}

export interface LogRange {
  logs: LogExpression
  unwrap: Unwrap | undefined
  intervalNanos: bigint
  /** Positive looks back. */
  offsetNanos: bigint
}

export interface Unwrap {
  label: string
  conversion: 'bytes' | 'duration' | 'duration_seconds' | undefined
  filters: LabelFilter[]
}

export interface Grouping {
  without: boolean
  labels: string[]
}

export interface VectorAggregation {
  node: 'aggregation'
  operation: VectorOperation
  /** The k of topk, bottomk and approx_topk. */
  parameter: number | undefined
  grouping: Grouping | undefined
  operand: MetricExpression
}

export type SetOperator = 'or' | 'and' | 'unless'
export type ComparisonOperator = '==' | '!=' | '>' | '>=' | '<' | '<='
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^'
export type BinaryOperator = SetOperator | ComparisonOperator | ArithmeticOperator

export interface BinaryOperation {
  node: 'binary'
  operator: BinaryOperator
  left: MetricExpression
  right: MetricExpression
  bool: boolean
  matching: VectorMatching
}

export interface VectorMatching {
  card: 'one-to-one' | 'many-to-one' | 'one-to-many'
  on: boolean
  /** Undefined where neither `on` nor `ignoring` names any. */
  labels: string[] | undefined
  include: string[] | undefined
}

export interface LiteralExpression {
  node: 'literal'
  value: number
}

export interface VectorExpression {
  node: 'vector'
  value: number
}

export interface LabelReplace {
  node: 'label_replace'
  operand: MetricExpression
  destination: string
  replacement: string
  source: string
  pattern: string
}

export type Stage =
  | { stage: 'line_filters'; filters: LineFilter[] }
  | { stage: 'json'; expressions: Extraction[] | undefined }
  | { stage: 'logfmt'; strict: boolean; keepEmpty: boolean; expressions: Extraction[] | undefined }
  | { stage: 'regexp'; pattern: string }
  | { stage: 'pattern'; pattern: string }
  | { stage: 'unpack' }
  | { stage: 'label_filter'; filter: LabelFilter }
  | { stage: 'line_format'; template: string }
  | { stage: 'label_format'; formats: LabelFormat[] }
  | { stage: 'decolorize' }
  | { stage: 'drop'; labels: LabelSelector[] }
  | { stage: 'keep'; labels: LabelSelector[] }

export type LineOperator = '|=' | '!=' | '|~' | '!~' | '|>' | '!>'

/** One filter of a chain; of `or` alternatives one is enough. A negated filter has one alternative only. */
export interface LineFilter {
  operator: LineOperator
  alternatives: { text: string; ip: boolean }[]
}

/** `json first="a.b[0]"`, `logfmt code="status"`. */
export interface Extraction {
  label: string
  expression: string
}

export interface LabelFormat {
  label: string
  /** Another label's name when `rename`, else a template. */
  value: string
  rename: boolean
}

/** Of `drop` and `keep`: a name, or a name with the value it must have. */
export type LabelSelector = { name: string; matcher: Matcher | undefined }

export type LabelFilter =
  | { filter: 'matcher'; matcher: Matcher }
  | { filter: 'ip'; label: string; operator: '=' | '!='; pattern: string }
  | { filter: 'number'; label: string; operator: ComparisonOperator; value: number }
  | { filter: 'duration'; label: string; operator: ComparisonOperator; nanos: bigint }
  | { filter: 'bytes'; label: string; operator: ComparisonOperator; bytes: number }
  | { filter: 'and' | 'or'; left: LabelFilter; right: LabelFilter }
