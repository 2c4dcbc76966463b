import type { Labels } from '../source.ts'
import type { Hints } from './hints.ts'
import { DUPLICATE_SUFFIX, ERROR_DETAILS_LABEL, ERROR_LABEL, PRESERVE_ERROR_LABEL } from './reserved.ts'

/** A stream's own labels, looked up once for all its lines. */
export interface BaseLabels {
  labels: Labels
  byName: ReadonlyMap<string, string>
}

export function baseLabels(labels: Labels): BaseLabels {
  return { labels, byName: new Map(labels) }
}

/**
 * The labels of the line at hand: those of the stream, what structured metadata adds, what stages extract, less what
 * they delete. One builder serves all lines; `start` empties it.
 */
export class LineLabels {
  readonly hints: Hints
  base: BaseLabels = baseLabels([])
  readonly metadata = new Map<string, string>()
  readonly parsed = new Map<string, string>()
  readonly #deleted = new Set<string>()
  error = ''
  errorDetails = ''

  constructor(hints: Hints) {
    this.hints = hints
  }

  start(base: BaseLabels, metadata: Labels): void {
    this.base = base
    if (this.metadata.size > 0) this.metadata.clear()
    if (this.parsed.size > 0) this.parsed.clear()
    if (this.#deleted.size > 0) this.#deleted.clear()
    this.error = ''
    this.errorDetails = ''
    this.hints.reset()
    for (const [name, value] of metadata) {
      if (name === ERROR_LABEL) this.error = value
      else if (name === ERROR_DETAILS_LABEL) this.errorDetails = value
      else this.metadata.set(base.byName.has(name) ? name + DUPLICATE_SUFFIX : name, value)
    }
  }

  /** Whether the labels are the stream's own, untouched. */
  get unchanged(): boolean {
    return this.metadata.size === 0 && this.parsed.size === 0 && this.#deleted.size === 0 && this.error === ''
  }

  get(name: string): string | undefined {
    const own = this.metadata.get(name) ?? this.parsed.get(name)
    if (own !== undefined) return own
    if (this.#deleted.size > 0 && this.#deleted.has(name)) return undefined
    return this.base.byName.get(name)
  }

  /** Whether a parser that comes upon this name must give it the suffix. */
  taken(name: string): boolean {
    return this.base.byName.has(name) || this.metadata.has(name)
  }

  isDeleted(name: string): boolean {
    return this.#deleted.has(name)
  }

  set(name: string, value: string): void {
    if (this.metadata.size > 0) this.metadata.delete(name)
    this.parsed.set(name, value)
    this.hints.record(name)
  }

  delete(name: string): void {
    this.metadata.delete(name)
    this.parsed.delete(name)
    this.#deleted.add(name)
  }

  fail(error: string, details: string | undefined): void {
    this.error = error
    if (details !== undefined) this.errorDetails = details
  }

  /** A parser's error; where the query asks about errors it must not fail for this one. */
  failParse(error: string, details: string | undefined): void {
    this.fail(error, details)
    if (this.hints.preserveError) this.set(PRESERVE_ERROR_LABEL, 'true')
  }

  /** The stream's labels that are left. */
  *#stream(): Iterable<readonly [string, string]> {
    for (const label of this.base.labels) {
      const [name] = label
      if (this.#deleted.has(name) || this.metadata.has(name) || this.parsed.has(name)) continue
      yield label
    }
  }

  *#errors(): Iterable<readonly [string, string]> {
    if (this.error !== '') yield [ERROR_LABEL, this.error]
    if (this.errorDetails !== '') yield [ERROR_DETAILS_LABEL, this.errorDetails]
  }

  /** In no order. */
  *all(): Iterable<readonly [string, string]> {
    yield* this.#stream()
    yield* this.metadata
    yield* this.parsed
    yield* this.#errors()
  }

  /** Told apart by where they are from. */
  categories(): { stream: Labels; structuredMetadata: Labels; parsed: Labels } {
    if (this.unchanged) return { stream: this.base.labels, structuredMetadata: [], parsed: [] }
    return {
      stream: [...this.#stream()],
      structuredMetadata: sorted(this.metadata),
      parsed: sorted([...this.parsed, ...this.#errors()]),
    }
  }
}

export function sorted(labels: Iterable<readonly [string, string]>): Labels {
  const list = [...labels]
  if (list.length > 1) list.sort(byName)
  return list
}

function byName(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
}
