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

/** What a name is to the line at hand, or to an earlier one: `at` says to which. */
interface Slot {
  readonly name: string
  /** Whether anybody needs what parsers find under this name. */
  readonly wanted: boolean
  value: string
  parsed: boolean
  /** The line that has a value here, that has listed it, extracted it, deleted it. */
  at: number
  listedAt: number
  extractedAt: number
  deletedAt: number
  /** The stream's value, for the stream that `baseAt` counts. */
  base: string | undefined
  baseAt: number
  /** The slot of the name with the suffix. */
  duplicate: Slot | undefined
}

/** More names than this are forgotten from time to time; they may be made up. */
const MAX_NAMES = 10_000

/**
 * The labels of the line at hand: those of the stream, what structured metadata adds, what stages extract, less what
 * they delete. One builder serves all lines. Names keep their place from line to line, so that a line costs no
 * allocation but for its values; what is of an earlier line is told by its number.
 */
export class LineLabels {
  readonly hints: Hints
  readonly #slots = new Map<string, Slot>()
  readonly #listed: Slot[] = []
  #base: BaseLabels = baseLabels([])
  #line = 0
  #stream = 0
  #live = 0
  #deletions = 0
  /** Required labels that are not there yet. */
  #missing = 0
  error = ''
  errorDetails = ''

  constructor(hints: Hints) {
    this.hints = hints
  }

  start(base: BaseLabels, metadata: Labels): void {
    if (base !== this.#base) {
      this.#base = base
      this.#stream++
    }
    if (this.#slots.size > MAX_NAMES) this.#slots.clear()
    this.#line++
    this.#listed.length = 0
    this.#live = 0
    this.#deletions = 0
    this.#missing = this.hints.required?.size ?? 0
    this.error = ''
    this.errorDetails = ''
    for (const [name, value] of metadata) {
      if (name === ERROR_LABEL) this.error = value
      else if (name === ERROR_DETAILS_LABEL) this.errorDetails = value
      else {
        const slot = this.#slot(name)
        this.#put(this.#baseOf(slot) === undefined ? slot : this.#duplicate(slot), value, false)
      }
    }
  }

  /** Whether the labels are the stream's own, untouched. */
  get unchanged(): boolean {
    return this.#live === 0 && this.#deletions === 0 && this.error === ''
  }

  get(name: string): string | undefined {
    const slot = this.#slot(name)
    if (slot.at === this.#line) return slot.value
    return slot.deletedAt === this.#line ? undefined : this.#baseOf(slot)
  }

  /** Whether a parser that comes upon this name must give it the suffix. */
  taken(name: string): boolean {
    return this.#taken(this.#slot(name))
  }

  /** Whether a label has its value from a parser, or the like, in this line already. */
  extracted(name: string): boolean {
    return this.#slot(name).extractedAt === this.#line
  }

  /**
   * Where a parser should put what it finds under this name: under the name with the suffix where it is taken,
   * and nowhere when nobody needs it or it is there already.
   */
  place(name: string): Slot | undefined {
    let slot = this.#slot(name)
    if (this.#taken(slot)) slot = this.#duplicate(slot)
    return slot.wanted && slot.extractedAt !== this.#line ? slot : undefined
  }

  /** Takes what a parser has found; false where the value shows that the line does not pass a filter to come. */
  take(slot: Slot, value: string): boolean {
    this.#extract(slot, value)
    return this.hints.passes(slot.name, this)
  }

  set(name: string, value: string): void {
    this.#extract(this.#slot(name), value)
  }

  delete(name: string): void {
    const slot = this.#slot(name)
    if (slot.at === this.#line) {
      slot.at = 0
      this.#live--
    }
    slot.deletedAt = this.#line
    this.#deletions++
  }

  /** Whether parsing can stop, or need not begin. */
  get complete(): boolean {
    return this.hints.none || this.allExtracted
  }

  get allExtracted(): boolean {
    return this.#missing === 0 && this.hints.required !== undefined
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

  /** In no order. */
  all(): (readonly [string, string])[] {
    const { stream, structuredMetadata, parsed } = this.#lists()
    return [...stream, ...structuredMetadata, ...parsed]
  }

  /** Told apart by where they are from, each in order. */
  categories(): { stream: Labels; structuredMetadata: Labels; parsed: Labels } {
    if (this.unchanged) return { stream: this.#base.labels, structuredMetadata: [], parsed: [] }
    const { stream, structuredMetadata, parsed } = this.#lists()
    return { stream, structuredMetadata: sorted(structuredMetadata), parsed: sorted(parsed) }
  }

  #lists(): Record<'stream' | 'structuredMetadata' | 'parsed', (readonly [string, string])[]> {
    const stream = this.#base.labels.filter(([name]) => {
      const slot = this.#slot(name)
      return slot.at !== this.#line && slot.deletedAt !== this.#line
    })
    const structuredMetadata: [string, string][] = []
    const parsed: [string, string][] = []
    for (const slot of this.#listed) {
      if (slot.at === this.#line) (slot.parsed ? parsed : structuredMetadata).push([slot.name, slot.value])
    }
    if (this.error !== '') parsed.push([ERROR_LABEL, this.error])
    if (this.errorDetails !== '') parsed.push([ERROR_DETAILS_LABEL, this.errorDetails])
    return { stream, structuredMetadata, parsed }
  }

  #slot(name: string): Slot {
    const known = this.#slots.get(name)
    if (known !== undefined) return known
    const slot: Slot = {
      name,
      wanted: this.hints.needs(name),
      value: '',
      parsed: false,
      at: 0,
      listedAt: 0,
      extractedAt: 0,
      deletedAt: 0,
      base: undefined,
      baseAt: -1,
      duplicate: undefined,
    }
    this.#slots.set(name, slot)
    return slot
  }

  #duplicate(slot: Slot): Slot {
    slot.duplicate ??= this.#slot(slot.name + DUPLICATE_SUFFIX)
    return slot.duplicate
  }

  #baseOf(slot: Slot): string | undefined {
    if (slot.baseAt !== this.#stream) {
      slot.base = this.#base.byName.get(slot.name)
      slot.baseAt = this.#stream
    }
    return slot.base
  }

  #taken(slot: Slot): boolean {
    return this.#baseOf(slot) !== undefined || (slot.at === this.#line && !slot.parsed)
  }

  #put(slot: Slot, value: string, parsed: boolean): void {
    if (slot.at !== this.#line) {
      slot.at = this.#line
      this.#live++
    }
    slot.value = value
    slot.parsed = parsed
    if (slot.listedAt === this.#line) return
    slot.listedAt = this.#line
    this.#listed.push(slot)
  }

  #extract(slot: Slot, value: string): void {
    this.#put(slot, value, true)
    if (slot.extractedAt === this.#line) return
    slot.extractedAt = this.#line
    if (this.#missing > 0 && this.hints.required!.has(slot.name)) this.#missing--
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
