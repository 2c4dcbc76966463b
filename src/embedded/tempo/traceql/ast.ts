/** The syntax tree of a TraceQL query, with the language's own values. Durations and integers are int64. */

export const STATUS = ['error', 'ok', 'unset'] as const
export const KIND = ['unspecified', 'internal', 'client', 'server', 'producer', 'consumer'] as const
export type Status = (typeof STATUS)[number]
export type Kind = (typeof KIND)[number]

export type Static =
  | { node: 'static'; type: 'nil' }
  | { node: 'static'; type: 'int'; value: bigint }
  | { node: 'static'; type: 'float'; value: number }
  | { node: 'static'; type: 'string'; value: string }
  | { node: 'static'; type: 'bool'; value: boolean }
  /** Nanoseconds. */
  | { node: 'static'; type: 'duration'; value: bigint }
  | { node: 'static'; type: 'status'; value: Status }
  | { node: 'static'; type: 'kind'; value: Kind }
  | { node: 'static'; type: 'int[]'; value: bigint[] }
  | { node: 'static'; type: 'float[]'; value: number[] }
  | { node: 'static'; type: 'string[]'; value: string[] }
  | { node: 'static'; type: 'bool[]'; value: boolean[] }

/** `attribute`: only the data will tell. */
export type ValueType = Static['type'] | 'spanset' | 'attribute'

export type Scope = 'none' | 'resource' | 'span' | 'event' | 'link' | 'instrumentation'

/** By the name under which Tempo prints them and lists them in results. */
export type Intrinsic =
  | 'duration'
  | 'name'
  | 'status'
  | 'statusMessage'
  | 'kind'
  | 'parent'
  | 'rootName'
  | 'rootServiceName'
  | 'traceDuration'
  | 'nestedSetLeft'
  | 'nestedSetRight'
  | 'nestedSetParent'
  | 'trace:id'
  | 'span:id'
  | 'span:parentID'
  | 'span:childCount'
  | 'event:name'
  | 'event:timeSinceStart'
  | 'link:traceID'
  | 'link:spanID'
  | 'instrumentation:name'
  | 'instrumentation:version'
  /** Not in the language; storage gives it to match every span. */
  | 'spanStartTime'

export interface Attribute {
  node: 'attribute'
  scope: Scope
  parent: boolean
  name: string
  intrinsic: Intrinsic | undefined
}

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '^'
export type CompareOp = '=' | '!=' | '<' | '<=' | '>' | '>='
export type FieldOp = ArithmeticOp | CompareOp | '=~' | '!~' | '&&' | '||'

export interface Binary {
  node: 'binary'
  op: FieldOp
  lhs: FieldExpression
  rhs: FieldExpression
}

export interface Unary {
  node: 'unary'
  /** `exists` and `absent` are what `!= nil` and `= nil` become. */
  op: '-' | '!' | 'exists' | 'absent'
  expression: FieldExpression
}

export type FieldExpression = Static | Attribute | Binary | Unary

export type SpansetOp = '&&' | '||' | `${'' | '!' | '&'}${'>' | '<' | '>>' | '<<'}` | `${'' | '!' | '&'}~`

export interface SpansetFilter {
  node: 'filter'
  expression: FieldExpression
}

export interface SpansetOperation {
  node: 'spansetOperation'
  op: SpansetOp
  lhs: SpansetExpression
  rhs: SpansetExpression
}

export interface ScalarFilter {
  node: 'scalarFilter'
  op: CompareOp
  lhs: ScalarExpression
  rhs: ScalarExpression
}

export interface Aggregate {
  node: 'aggregate'
  op: 'count' | 'avg' | 'max' | 'min' | 'sum'
  expression: FieldExpression | undefined
}

export interface ScalarOperation {
  node: 'scalarOperation'
  op: ArithmeticOp
  lhs: ScalarExpression
  rhs: ScalarExpression
}

export interface Group {
  node: 'group'
  expression: FieldExpression
}

export interface Select {
  node: 'select'
  attributes: Attribute[]
}

export interface Pipeline {
  node: 'pipeline'
  elements: PipelineElement[]
}

export type SpansetExpression = SpansetFilter | SpansetOperation | ScalarFilter | Pipeline
export type ScalarExpression = Static | Aggregate | ScalarOperation | Pipeline
export type PipelineElement = SpansetExpression | Aggregate | Group | Select | { node: 'coalesce' }

export type MetricsOp =
  | 'rate'
  | 'count_over_time'
  | 'min_over_time'
  | 'max_over_time'
  | 'avg_over_time'
  | 'sum_over_time'
  | 'quantile_over_time'
  | 'histogram_over_time'

export interface MetricsAggregate {
  node: 'metrics'
  op: MetricsOp
  attribute: Attribute | undefined
  by: Attribute[]
  quantiles: number[]
}

export interface MetricsCompare {
  node: 'compare'
  filter: SpansetFilter
  topN: number
  /** Nanoseconds since the epoch; both 0 when the selection is not bound in time. */
  start: bigint
  end: bigint
}

export type MetricsStage =
  | { node: 'rank'; op: 'topk' | 'bottomk'; limit: number }
  | { node: 'metricsFilter'; op: CompareOp; value: number }

/** One pipeline, perhaps with a metrics function and what is done to its series. */
export interface Query {
  pipeline: Pipeline
  metrics: MetricsAggregate | MetricsCompare | undefined
  stages: MetricsStage[]
  hints: { name: string; value: Static }[]
}

export const NIL: Static = { node: 'static', type: 'nil' }
export const TRUE: Static = { node: 'static', type: 'bool', value: true }
export const FALSE: Static = { node: 'static', type: 'bool', value: false }
export const int = (value: bigint): Extract<Static, { type: 'int' }> => ({
  node: 'static',
  type: 'int',
  value: BigInt.asIntN(64, value),
})
export const float = (value: number): Extract<Static, { type: 'float' }> => ({ node: 'static', type: 'float', value })
export const string = (value: string): Static => ({ node: 'static', type: 'string', value })
export const bool = (value: boolean): Static => (value ? TRUE : FALSE)
export const duration = (value: bigint): Extract<Static, { type: 'duration' }> => ({
  node: 'static',
  type: 'duration',
  value: BigInt.asIntN(64, value),
})

export function intrinsic(name: Intrinsic): Attribute {
  return { node: 'attribute', scope: 'none', parent: false, name, intrinsic: name }
}

export function attribute(scope: Scope, name: string, parent = false): Attribute {
  return { node: 'attribute', scope, parent, name, intrinsic: undefined }
}

export function sameAttribute(a: Attribute, b: Attribute): boolean {
  return a.name === b.name && a.scope === b.scope && a.parent === b.parent && a.intrinsic === b.intrinsic
}
