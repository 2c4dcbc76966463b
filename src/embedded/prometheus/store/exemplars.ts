import { type Labels, labelsKey, ownLabels } from '../../series/labels.ts'
import type { MemorySeries } from './series.ts'

export interface StoredExemplar {
  series: Labels
  labels: Labels
  value: number
  time: number
}

/** The newest exemplars of all series, at most `max` of them: the oldest makes room. */
export class ExemplarRing {
  #max: number
  #ring: StoredExemplar[] = []
  #next = 0
  readonly #latest = new Map<string, StoredExemplar>()

  constructor(max: number) {
    this.#max = max
  }

  /** A page repeats its exemplars at each scrape; only one that is newer and other than the last counts. `timed`: the page gave its time. */
  isNew(series: MemorySeries, labels: Labels, value: number, time: number, timed = true): boolean {
    const last = this.#latest.get(labelsKey(series.labels))
    if (last === undefined) return this.#max > 0
    const sameTime = last.time === time || !timed
    const same = last.value === value && labelsKey(last.labels) === labelsKey(labels) && sameTime
    return this.#max > 0 && !same && time >= last.time
  }

  add(series: MemorySeries, labels: Labels, value: number, time: number): void {
    if (!this.isNew(series, labels, value, time)) return
    const exemplar = { series: series.labels, labels: ownLabels(labels), value, time }
    const old = this.#ring[this.#next]
    if (old !== undefined) {
      const key = labelsKey(old.series)
      if (this.#latest.get(key) === old) this.#latest.delete(key)
    }
    this.#ring[this.#next] = exemplar
    this.#next = (this.#next + 1) % this.#max
    this.#latest.set(labelsKey(series.labels), exemplar)
  }

  get size(): number {
    return this.#ring.length
  }

  /** Of the series that `passes` lets through, `from` to `to` inclusive in ms; grouped by series, oldest first. */
  select(passes: (labels: Labels) => boolean, from: number, to: number): Map<string, StoredExemplar[]> {
    const found = new Map<string, StoredExemplar[]>()
    for (const exemplar of this.#ring) {
      if (exemplar.time < from || exemplar.time > to || !passes(exemplar.series)) continue
      const key = labelsKey(exemplar.series)
      const list = found.get(key)
      if (list === undefined) found.set(key, [exemplar])
      else list.push(exemplar)
    }
    for (const list of found.values()) list.sort((a, b) => a.time - b.time)
    return found
  }

  resize(max: number): void {
    if (max === this.#max) return
    const ordered = [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)].slice(
      -max || this.#ring.length,
    )
    this.#max = max
    this.#ring = max === 0 ? [] : ordered
    this.#next = max === 0 ? 0 : this.#ring.length % max
    if (max === 0) this.#latest.clear()
  }
}
