import type { AnchoredRegexp } from '../../series/regexp.ts'

/** Where in the query something stands: UTF-16 offsets, `end` is exclusive. */
export interface Span {
  start: number
  end: number
}

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string'

export type MatchOp = '=' | '!=' | '=~' | '!~'

export interface LabelMatcher {
  name: string
  op: MatchOp
  value: string
  /** Of `=~` and `!~`. */
  regexp: AnchoredRegexp | undefined
  /** '' stands for an absent label. */
  matches(value: string): boolean
  /** Set for an equality: the only value that passes. */
  equals?: string
}

/** Arithmetic on durations in brackets and after `offset`: experimental, so read but only run when asked for. */
export type DurationNode =
  | NumberLiteral
  | (Span & {
      kind: 'duration'
      op: '+' | '-' | '*' | '/' | '%' | '^' | 'step' | 'range' | 'min_of' | 'max_of'
      left: DurationNode | undefined
      right: DurationNode | undefined
      wrapped: boolean
    })

/** `@` and `offset`, on selectors and subqueries. */
export interface Modifiers {
  /** Milliseconds; 0 when there is none. */
  offset: number
  offsetExpr: DurationNode | undefined
  at: { ms: number } | 'start' | 'end' | undefined
}

export interface VectorSelector extends Span, Modifiers {
  kind: 'vector'
  /** Before the braces; '' when there is none. */
  name: string
  matchers: LabelMatcher[]
  extended: 'anchored' | 'smoothed' | undefined
  /** The second argument of info() may select everything. */
  mayBeEmpty: boolean
}

export interface MatrixSelector extends Span {
  kind: 'matrix'
  selector: VectorSelector
  range: number
  rangeExpr: DurationNode | undefined
}

export interface Subquery extends Span, Modifiers {
  kind: 'subquery'
  expr: Expr
  range: number
  rangeExpr: DurationNode | undefined
  /** 0: the evaluation interval. */
  step: number
  stepExpr: DurationNode | undefined
}

export interface NumberLiteral extends Span {
  kind: 'number'
  value: number
  /** Written as `5m`: printed so again. */
  duration: boolean
}

export interface StringLiteral extends Span {
  kind: 'string'
  value: string
}

export interface Paren extends Span {
  kind: 'paren'
  expr: Expr
}

export interface Unary extends Span {
  kind: 'unary'
  op: '+' | '-'
  expr: Expr
}

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2'
export type ComparisonOp = '==' | '!=' | '<' | '<=' | '>' | '>='
export type SetOp = 'and' | 'or' | 'unless'
/** `</` and `>/` trim native histograms. */
export type BinaryOp = ArithmeticOp | ComparisonOp | SetOp | '</' | '>/'

export interface VectorMatching {
  card: 'one-to-one' | 'many-to-one' | 'one-to-many'
  on: boolean
  labels: string[]
  include: string[]
  fillLeft: number | undefined
  fillRight: number | undefined
}

export interface Binary extends Span {
  kind: 'binary'
  op: BinaryOp
  opStart: number
  left: Expr
  right: Expr
  bool: boolean
  matching: VectorMatching
}

export type AggregateOp =
  | 'avg'
  | 'bottomk'
  | 'count'
  | 'count_values'
  | 'group'
  | 'limit_ratio'
  | 'limitk'
  | 'max'
  | 'min'
  | 'quantile'
  | 'stddev'
  | 'stdvar'
  | 'sum'
  | 'topk'

export interface Aggregate extends Span {
  kind: 'aggregate'
  op: AggregateOp
  param: Expr | undefined
  expr: Expr
  without: boolean
  grouping: string[]
}

export interface Call extends Span {
  kind: 'call'
  name: string
  args: Expr[]
}

export type Expr =
  | VectorSelector
  | MatrixSelector
  | Subquery
  | NumberLiteral
  | StringLiteral
  | Paren
  | Unary
  | Binary
  | Aggregate
  | Call

export const isComparison = (op: BinaryOp): op is ComparisonOp => /^([<>]=?|[!=]=)$/.test(op)
export const isSetOp = (op: BinaryOp): op is SetOp => op === 'and' || op === 'or' || op === 'unless'
/** Whether the result measures something else than its operands, so that it cannot keep their name. */
export const isArithmetic = (op: BinaryOp): op is ArithmeticOp => /^([-+*/%^]|atan2)$/.test(op)

export function childrenOf(expr: Expr): Expr[] {
  switch (expr.kind) {
    case 'vector':
    case 'number':
    case 'string':
      return []
    case 'matrix':
      return [expr.selector]
    case 'subquery':
    case 'paren':
    case 'unary':
      return [expr.expr]
    case 'binary':
      return [expr.left, expr.right]
    case 'aggregate':
      return expr.param === undefined ? [expr.expr] : [expr.expr, expr.param]
    case 'call':
      return expr.args
  }
}

/** Every series selector in the expression. */
export function selectorsIn(expr: Expr): VectorSelector[] {
  return expr.kind === 'vector' ? [expr] : childrenOf(expr).flatMap(selectorsIn)
}

/** What parentheses enclose. */
export function unwrapped(expr: Expr): Expr {
  return expr.kind === 'paren' ? unwrapped(expr.expr) : expr
}
