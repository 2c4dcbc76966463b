import { isSlipOf } from './typo.ts'
import type { Word } from './words.ts'

/** A way of saying something, as the vocabulary writes it. */
export interface Pattern {
  /** Each in its order; several of them (joined by &) in any order. */
  parts: Slot[][]
}

/** One word: any of these; `prefix` for `truncat*`, `N` is a number. */
interface Slot {
  ways: { text: string; prefix: boolean }[]
  optional: boolean
}

export interface Found {
  /** The words that it takes, by their places. */
  places: number[]
  /** How many words lie between them. */
  gaps: number
}

/** Words that may stand between those of a pattern: "the header is (completely) wrong". */
const MAX_GAP = 2
/** Of one pattern in one text; a text that repeats itself would have them by the million. */
const MOST = 100
/** Between parts that may come in any order. */
const MAX_APART = 5

/**
 * `cut|chopped off|short`: words in their order, with others between. `dimension* & wrong|off`: in any order.
 * `a?` may be left out, `truncat*` begins so, `N` is a number.
 */
export function parsePattern(text: string): Pattern {
  const parts = text.split(' & ').map((part) => part.trim().split(/\s+/).map(slotOf))
  return { parts }
}

function slotOf(text: string): Slot {
  const optional = text.endsWith('?')
  const ways = text.replace(/\?$/, '').split('|')
  return {
    optional,
    ways: ways.map((way) => ({ text: way.replace(/\*$/, ''), prefix: way.endsWith('*') })),
  }
}

/** Every place where the words say it. `stops` are words that no pattern reaches across unless it names them. */
export function findPattern({ parts }: Pattern, words: readonly Word[], stops: ReadonlySet<string>): Found[] {
  const each = parts.map((slots) => findPart(slots, words, stops))
  const [first = [], ...others] = each
  return others.reduce((sofar, next) => sofar.flatMap((one) => joined(one, next, words, stops)).slice(0, MOST), first)
}

function joined(one: Found, next: readonly Found[], words: readonly Word[], stops: ReadonlySet<string>): Found[] {
  return next.flatMap((other) => {
    if (other.places.some((place) => one.places.includes(place))) return []
    const places = [...one.places, ...other.places].sort((a, b) => a - b)
    const between = range(places[0]!, places.at(-1)!).filter((place) => !places.includes(place))
    if (between.length - one.gaps - other.gaps > MAX_APART || between.some((place) => isStop(words[place]!, stops)))
      return []
    return [{ places, gaps: between.length }]
  })
}

function findPart(slots: readonly Slot[], words: readonly Word[], stops: ReadonlySet<string>): Found[] {
  const found: Found[] = []
  for (let at = 0; at < words.length; at++) {
    const [first, ...rest] = slots
    if (!fits(first!, words[at]!)) continue
    const places = follow(rest, at, words, stops)
    if (places) found.push({ places: [at, ...places], gaps: (places.at(-1) ?? at) - at - places.length })
  }
  return found
}

/** The nearest places of the other words behind `at`. */
function follow(
  slots: readonly Slot[],
  at: number,
  words: readonly Word[],
  stops: ReadonlySet<string>,
): number[] | undefined {
  const [slot, ...rest] = slots
  if (slot === undefined) return []
  for (let place = at + 1; place <= at + 1 + MAX_GAP && place < words.length; place++) {
    if (fits(slot, words[place]!)) {
      const more = follow(rest, place, words, stops)
      if (more) return [place, ...more]
    }
    if (isStop(words[place]!, stops)) break
  }
  return slot.optional ? follow(rest, at, words, stops) : undefined
}

const isStop = ({ text }: Word, stops: ReadonlySet<string>) => text === '' || stops.has(text)

function fits({ ways }: Slot, { text }: Word): boolean {
  return ways.some(({ text: wanted, prefix }) => {
    if (wanted === 'N') return /^\d/.test(text)
    if (text === wanted || (prefix && text.startsWith(wanted))) return true
    if (!prefix) return isSlipOf(text, wanted)
    return [-1, 0, 1, 2].some(
      (more) => text.length >= wanted.length + more && isSlipOf(text.slice(0, wanted.length + more), wanted),
    )
  })
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}
