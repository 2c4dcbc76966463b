import { RANGE_OPERATIONS, VECTOR_OPERATIONS } from '../ast.ts'

/**
 * The tokens of LogQL by the name that messages show for them, in the order of the declarations of Loki's
 * pkg/logql/syntax/syntax.y (grafana/loki): a message lists what it expected in this order.
 */
const VALUES = ['BYTES', 'IDENTIFIER', 'STRING', 'NUMBER', 'FUNCTION_FLAG', 'DURATION', 'RANGE']

/** Lowest first. */
export const PRECEDENCE = [
  { assoc: 'left', tokens: ['or'] },
  { assoc: 'left', tokens: ['and', 'unless'] },
  { assoc: 'left', tokens: ['==', '!=', '<', '<=', '>', '>='] },
  { assoc: 'left', tokens: ['+', '-'] },
  { assoc: 'left', tokens: ['*', '/', '%'] },
  { assoc: 'right', tokens: ['^'] },
] as const

/** `$end` is the end of the query. */
export const TOKENS: readonly string[] = [
  '$end',
  ...VALUES,
  ...'MATCHERS LABELS = =~ !~ !> { } [ ] , . |~ |= |> ( ) by without'.split(' '),
  ...'COUNT_OVER_TIME RATE RATE_COUNTER SUM SORT SORT_DESC AVG MAX MIN COUNT STDDEV STDVAR BOTTOMK TOPK'.split(' '),
  ...'APPROX_TOPK BYTES_OVER_TIME BYTES_RATE bool json regexp logfmt | line_format label_format unwrap'.split(' '),
  ...'AVG_OVER_TIME SUM_OVER_TIME MIN_OVER_TIME MAX_OVER_TIME STDVAR_OVER_TIME STDDEV_OVER_TIME'.split(' '),
  ...'QUANTILE_OVER_TIME BYTES_CONV DURATION_CONV DURATION_SECONDS_CONV FIRST_OVER_TIME LAST_OVER_TIME'.split(' '),
  ...'ABSENT_OVER_TIME VECTOR label_replace unpack offset pattern ip on ignoring group_left group_right'.split(' '),
  ...'decolorize drop keep'.split(' '),
  ...PRECEDENCE.flatMap(({ tokens }) => [...tokens]),
]

/** Texts that are tokens of their own, wherever they stand. */
export const WORDS: ReadonlySet<string> = new Set(TOKENS.filter((t) => t !== '$end' && t.toLowerCase() === t))

/** Names that are tokens only where a `(` follows, or `by (` or `without (`; else they are identifiers. */
export const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ...[...RANGE_OPERATIONS, ...VECTOR_OPERATIONS, 'vector'].map((name) => [name, name.toUpperCase()] as const),
  ['label_replace', 'label_replace'],
  ['bytes', 'BYTES_CONV'],
  ['duration', 'DURATION_CONV'],
  ['duration_seconds', 'DURATION_SECONDS_CONV'],
  ['ip', 'ip'],
])
