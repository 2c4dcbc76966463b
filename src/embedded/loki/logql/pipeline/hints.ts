import { DUPLICATE_SUFFIX, ERROR_LABEL } from './reserved.ts'

/** As much of a line's labels as a filter looks at. */
interface LineView {
  get(name: string): string | undefined
}

/** A label filter that a parser may ask as soon as it has the label, to drop the line before it is all read. */
export interface EarlyFilter {
  label: string
  passes(labels: LineView): boolean
}

/**
 * Which labels a query needs of its parsers. `sum by (code) (rate({a="b"} | json [5m]))` needs `code` alone, and with
 * nothing to group by not even that. It is more than thrift: what is not parsed cannot fail either.
 */
export class Hints {
  /** Undefined when all labels may be of use; never empty. */
  readonly required: ReadonlySet<string> | undefined
  /** Nothing needs to be parsed at all. */
  readonly none: boolean
  readonly preserveError: boolean
  readonly #early: readonly EarlyFilter[]

  private constructor(required: ReadonlySet<string> | undefined, none: boolean, early: readonly EarlyFilter[]) {
    this.required = required !== undefined && required.size > 0 ? required : undefined
    this.preserveError = required?.has(ERROR_LABEL) ?? false
    this.none = none
    this.#early = early
  }

  /** Of a log query. */
  static all(): Hints {
    return new Hints(undefined, false, [])
  }

  /** Of a metric query: the labels that stages and grouping use. */
  static forMetric(
    used: readonly string[],
    grouping: { groups: readonly string[]; without: boolean; noLabels: boolean },
    early: readonly EarlyFilter[],
  ): Hints {
    const required = new Set<string>()
    for (const name of [...used, ...grouping.groups]) {
      if (name === '') continue
      required.add(name)
      // A parser meets the label under its plain name before it finds that the stream has one of that name.
      if (name.endsWith(DUPLICATE_SUFFIX)) required.add(name.slice(0, -DUPLICATE_SUFFIX.length))
    }
    required.delete('')
    if (grouping.noLabels) return new Hints(required, required.size === 0, required.size > 0 ? early : [])
    if (grouping.without || grouping.groups.length === 0) return new Hints(undefined, false, early)
    return new Hints(required, false, [])
  }

  needs(name: string): boolean {
    return this.required === undefined || this.required.has(name)
  }

  /** Whether any label that is needed starts so; the nested objects of JSON. */
  needsPrefix(prefix: string): boolean {
    if (this.required === undefined) return true
    for (const name of this.required) if (name.startsWith(prefix)) return true
    return false
  }

  /** Whether the line may still pass, now that the label has its value. */
  passes(name: string, labels: LineView): boolean {
    for (const filter of this.#early) if (filter.label === name) return filter.passes(labels)
    return true
  }
}
