/** What the language needs of a store. The store implements it; nothing else of it is known here. */

/**
 * Labels, or the structured metadata of one line: pairs, sorted by name, no name twice, no empty value.
 * The pairs are never changed, so a store may share them between lines.
 */
export type Labels = readonly (readonly [name: string, value: string])[]

export type MatchOperator = '=' | '!=' | '=~' | '!~'

export interface Matcher {
  name: string
  operator: MatchOperator
  value: string
  /** Whether a stream with this value fits; a stream without the label has the value ''. */
  matches(value: string): boolean
}

export interface Entry {
  /** Since the epoch, nanoseconds. */
  nanos: bigint
  line: string
  metadata: Labels
}

export interface Selection {
  /** All must match; never empty. */
  matchers: readonly Matcher[]
  /** The window in nanoseconds: startNanos <= entry < endNanos. */
  startNanos: bigint
  endNanos: bigint
  /** The order of the entries within each stream: oldest first, or newest first. */
  direction: Direction
  /**
   * Texts that every line of use contains, as it is in the store. A hint: a source that can tell cheaply
   * (per block, per chunk) leaves such lines out, any other ignores it. The language filters by itself.
   */
  contains: readonly string[]
  /** Values that every line of use has among its stream's labels or in its metadata. A hint, too. */
  labelValues?: readonly string[]
  /** Values that every line of use has in its own text, among its stream's labels or in its metadata. A hint, too. */
  needles?: readonly Needle[]
}

/** Whether a parser finds the value in a line only as it is, or spelled by an escape with a number. */
export const isPlain = (value: string) => /^[A-Za-z0-9_.:-]+$/.test(value)

/** A plain value that a parser finds in a line. */
export interface Needle {
  value: string
  /** Around it are no letters or digits, as with what `json` and `logfmt` find. */
  whole: boolean
}

export type Direction = 'forward' | 'backward'

export interface Stream {
  labels: Labels
  /**
   * The stream's entries in the window, in the order asked for; entries of one time in the order of arrival (backward:
   * the reverse). Read lazily, and perhaps given up half way: at a limit, or when time is up. Lines that arrive
   * or are dropped while somebody reads may show or not, but must not break the reading. An undefined among them says
   * that many lines were passed over by the hint: time to let others have their turn.
   */
  entries(): Iterable<Entry | undefined>
}

export interface LogSource {
  /** The streams that match and may have an entry in the window, in any order. */
  select(selection: Selection): Iterable<Stream>
}
