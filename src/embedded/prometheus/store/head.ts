import { LabError } from '../../../errors.ts'
import { type Labels, labelPairs, labelsKey, labelValue, ownLabels } from '../../series/labels.ts'
import { MemorySeries } from './series.ts'

/** A label condition with its test made; `=` names its value so that the index can be asked. */
export interface Matcher {
  name: string
  /** Whether a value passes; '' stands for an absent label. */
  matches(value: string): boolean
  /** Set for an equality: the only value that passes. */
  equals?: string
}

/** All series, by reference, by identity, and by label: name -> value -> series. */
export class Head {
  readonly #byRef = new Map<number, MemorySeries>()
  readonly #byKey = new Map<string, MemorySeries>()
  readonly #postings = new Map<string, Map<string, Set<MemorySeries>>>()
  readonly #limit: number
  #nextRef = 1

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#byRef.size
  }

  all(): Iterable<MemorySeries> {
    return this.#byRef.values()
  }

  get(ref: number): MemorySeries | undefined {
    return this.#byRef.get(ref)
  }

  find(labels: Labels): MemorySeries | undefined {
    return this.#byKey.get(labelsKey(labels))
  }

  /** Throws LabError `too-many-series` past the limit. */
  getOrCreate(labels: Labels): MemorySeries {
    const known = this.#byKey.get(labelsKey(labels))
    if (known !== undefined) return known
    if (this.#byRef.size >= this.#limit) {
      throw new LabError('too-many-series', `the limit of ${this.#limit} series is reached`, {
        hint: 'Look for a label with too many values: otel-lab query prometheus \'topk(5, count by (__name__) ({__name__!=""}))\'',
      })
    }
    return this.#add(new MemorySeries(this.#nextRef, ownLabels(labels)))
  }

  /** For replay: the series as the journal numbered it. */
  define(ref: number, labels: Labels): MemorySeries {
    return this.#byRef.get(ref) ?? this.#byKey.get(labelsKey(labels)) ?? this.#add(new MemorySeries(ref, labels))
  }

  /** For replay: a series whose definition is lost; its number must not mean another one. */
  reserve(ref: number): void {
    this.#nextRef = Math.max(this.#nextRef, ref + 1)
  }

  /** Takes a series back that was removed while a scraper still remembered it. */
  attach(series: MemorySeries): void {
    if (this.#byRef.get(series.ref) !== series && this.find(series.labels) === undefined) this.#add(series)
  }

  #add(series: MemorySeries): MemorySeries {
    this.#nextRef = Math.max(this.#nextRef, series.ref) + 1
    this.#byRef.set(series.ref, series)
    this.#byKey.set(labelsKey(series.labels), series)
    for (const [name, value] of labelPairs(series.labels)) {
      const values = this.#postings.get(name) ?? new Map<string, Set<MemorySeries>>()
      this.#postings.set(name, values)
      const postings = values.get(value)
      if (postings === undefined) values.set(value, new Set([series]))
      else postings.add(series)
    }
    return series
  }

  remove(series: MemorySeries): void {
    this.#byRef.delete(series.ref)
    this.#byKey.delete(labelsKey(series.labels))
    for (const [name, value] of labelPairs(series.labels)) {
      const values = this.#postings.get(name)
      const postings = values?.get(value)
      postings?.delete(series)
      if (postings?.size === 0) values!.delete(value)
      if (values?.size === 0) this.#postings.delete(name)
    }
  }

  /** Every series that all matchers let pass. */
  select(matchers: readonly Matcher[]): MemorySeries[] {
    let candidates: Iterable<MemorySeries> | undefined
    let fewest = Number.POSITIVE_INFINITY
    for (const { name, equals } of matchers) {
      // An equality with '' also means "label absent", which no posting lists.
      if (equals === undefined || equals === '') continue
      const postings = this.#postings.get(name)?.get(equals)
      if (postings === undefined) return []
      if (postings.size < fewest) {
        fewest = postings.size
        candidates = postings
      }
    }
    candidates ??= this.#byRegex(matchers) ?? this.#byRef.values()
    const result: MemorySeries[] = []
    for (const series of candidates) {
      if (matchers.every((m) => m.matches(labelValue(series.labels, m.name)))) result.push(series)
    }
    return result
  }

  /** The series of a label's passing values, for a matcher that an absent label fails. */
  #byRegex(matchers: readonly Matcher[]): MemorySeries[] | undefined {
    const matcher = matchers.find((m) => !m.matches(''))
    if (matcher === undefined) return undefined
    const result: MemorySeries[] = []
    for (const [value, postings] of this.#postings.get(matcher.name) ?? []) {
      if (matcher.matches(value)) for (const series of postings) result.push(series)
    }
    return result
  }

  labelNames(): string[] {
    return [...this.#postings.keys()]
  }

  labelValues(name: string): string[] {
    return [...(this.#postings.get(name)?.keys() ?? [])]
  }

  /** name -> value -> number of series, for the statistics page. */
  *valueCounts(): Generator<{ name: string; value: string; series: number }> {
    for (const [name, values] of this.#postings) {
      for (const [value, postings] of values) yield { name, value, series: postings.size }
    }
  }
}
