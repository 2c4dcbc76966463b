/**
 * The tokens of TraceQL by the text that messages show for them, in the order of the declarations of Tempo's
 * pkg/traceql/expr.y (grafana/tempo, 3.0.3): a message lists what it expected in this order.
 */
const KEYWORDS = `nil true false error ok unset unspecified internal server client producer consumer duration childCount
  name status statusMessage parent kind rootName rootServiceName rootService traceDuration nestedSetLeft nestedSetRight
  nestedSetParent id traceID spanID parentID timeSinceStart version parent. resource. span. trace: span: event: event.
  link: link. instrumentation: instrumentation. count avg max min sum by coalesce select`.split(/\s+/)

const METRICS = `rate count_over_time min_over_time max_over_time avg_over_time sum_over_time quantile_over_time
  histogram_over_time compare topk bottomk with`.split(/\s+/)

const COMPARE = ['=', '!=', '<', '<=', '>', '>=', '!~', '=~']
export const STRUCTURAL = ['>>', '<<', '~', '!>', '!<', '!>>', '!<<', '&>', '&<', '&>>', '&<<', '&~']

/** Scopes after which an attribute's name follows at once. */
export const DOTTED: ReadonlySet<string> = new Set([
  '.',
  'resource.',
  'span.',
  'parent.',
  'event.',
  'link.',
  'instrumentation.',
])

/** Tokens that are not the text they stand for. */
const ABSTRACT = ['IDENTIFIER', 'STRING', 'INTEGER', 'FLOAT', 'DURATION', 'END_ATTRIBUTE']

/** Lowest first. */
export const PRECEDENCE = [
  { assoc: 'left', tokens: ['|'] },
  { assoc: 'left', tokens: ['&&', '||'] },
  { assoc: 'left', tokens: [...COMPARE, ...STRUCTURAL] },
  { assoc: 'left', tokens: ['+', '-'] },
  { assoc: 'left', tokens: ['!'] },
  { assoc: 'left', tokens: ['*', '/', '%'] },
  { assoc: 'right', tokens: ['^'] },
  { assoc: 'none', tokens: ['nil'] },
] as const

/** `$end` is the end of the query. */
export const TOKENS: readonly string[] = [
  '$end',
  ...['IDENTIFIER', 'STRING', 'INTEGER', 'FLOAT', 'DURATION', '.', '{', '}', '(', ')', ','],
  ...KEYWORDS,
  'END_ATTRIBUTE',
  ...METRICS,
  ...['|', '&&', '||', ...COMPARE, ...STRUCTURAL, '+', '-', '!', '*', '/', '%', '^'],
]

/** Texts that are tokens of their own. */
export const LITERALS: ReadonlySet<string> = new Set(TOKENS.filter((t) => t !== '$end' && !ABSTRACT.includes(t)))
