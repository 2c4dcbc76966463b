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
  /** Undefined when all labels may be of use. */
  readonly required: ReadonlySet<string> | undefined
  readonly preserveError: boolean
  readonly #none: boolean
  readonly #early: readonly EarlyFilter[]
  readonly #extracted = new Set<string>()
  #missing: number

  private constructor(required: ReadonlySet<string> | undefined, none: boolean, early: readonly EarlyFilter[]) {
    this.required = required
    this.preserveError = required?.has(ERROR_LABEL) ?? false
    this.#none = none
    this.#early = early
    this.#missing = required?.size ?? 0
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
    if (grouping.noLabels) {
      return required.size > 0 ? new Hints(required, false, early) : new Hints(undefined, true, [])
    }
    if (grouping.without || grouping.groups.length === 0) return new Hints(undefined, false, early)
    return new Hints(required, false, [])
  }

  reset(): void {
    if (this.#extracted.size > 0) this.#extracted.clear()
    this.#missing = this.required?.size ?? 0
  }

  record(name: string): void {
    if (this.#extracted.has(name)) return
    this.#extracted.add(name)
    if (this.required?.has(name)) this.#missing--
  }

  /** Whether a parser should set this label: somebody needs it, and it has no value yet. */
  wants(name: string): boolean {
    return (this.required === undefined || this.required.has(name)) && !this.#extracted.has(name)
  }

  extracted(name: string): boolean {
    return this.#extracted.has(name)
  }

  /** Whether any label starts so; the nested objects of JSON. */
  wantsPrefix(prefix: string): boolean {
    if (this.required === undefined) return true
    for (const name of this.required) if (name.startsWith(prefix)) return true
    return false
  }

  /** Whether parsing can stop, or need not begin. */
  get done(): boolean {
    return this.#none || (this.required !== undefined && this.required.size > 0 && this.#missing === 0)
  }

  get allExtracted(): boolean {
    return this.required !== undefined && this.required.size > 0 && this.#missing === 0
  }

  /** Whether the line may still pass, now that the label has its value. */
  passes(name: string, labels: LineView): boolean {
    for (const filter of this.#early) if (filter.label === name) return filter.passes(labels)
    return true
  }
}
