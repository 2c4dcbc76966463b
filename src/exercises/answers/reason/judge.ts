import { BACKWARD, DENIALS, HARMLESS, NEGATORS, STOPS, TURNS } from './english.ts'
import { type Found, findPattern, type Pattern } from './pattern.ts'
import type { Vocabulary } from './vocabulary.ts'
import { type Word, wordsOf } from './words.ts'

/** What a text says of one kind of failure. */
export interface Said {
  asserted: string[]
  denied: string[]
  /** Joined by an or. */
  hedged: boolean
  /** It only says that something is wrong. */
  vague: boolean
}

type Role = 'own' | 'beside' | 'harmless' | 'other' | 'vague' | 'negator'
const RANK: Role[] = ['own', 'beside', 'harmless', 'other', 'vague', 'negator']

interface Match extends Found {
  role: Role
  kind?: string
  /** A negator that only looks at what stands before it. */
  back?: true
}

/**
 * Reads the text as an answer that means `kind` (or none in particular): what it asserts and what it denies. Where
 * two ways of reading the same words compete, the one that takes more words counts, then the nearer one.
 */
export function readAs(text: string, vocabulary: Vocabulary, kind?: string, message: readonly Pattern[] = []): Said {
  const words = wordsOf(text)
  const chosen = choose(matchesIn(words, vocabulary, kind, message))
  const negators = chosen.filter(({ role }) => role === 'negator')
  const told = chosen.filter(({ role }) => role === 'own' || role === 'other')
  const isDenied = (match: Match) => negators.some((negator) => denies(negator, match, words, told))
  const kindsOf = (matches: Match[]) => [...new Set(matches.map((match) => match.kind!))]
  return {
    asserted: kindsOf(told.filter((match) => !isDenied(match))),
    denied: kindsOf(told.filter(isDenied)),
    hedged:
      isConditional(negators, words, told) ||
      isHedged(
        words,
        chosen.filter((match) => (match.kind !== undefined || match.role === 'vague') && !isDenied(match)),
      ),
    vague: chosen.some(({ role }) => role === 'vague' || role === 'beside'),
  }
}

/** Whether it says that this is what happened, and nothing else. */
export function says(text: string, vocabulary: Vocabulary, kind: string, message: readonly Pattern[] = []): boolean {
  const { asserted, denied, hedged } = readAs(text, vocabulary, kind, message)
  return asserted.length === 1 && asserted[0] === kind && !denied.includes(kind) && !hedged
}

/** "If it is not all NaN, it is truncated" names two, and says neither. */
const isConditional = (negators: readonly Match[], words: readonly Word[], told: readonly Match[]) =>
  new Set(told.map(({ kind }) => kind)).size > 1 &&
  negators.some(({ places }) => CONDITIONS.has(words[places[0]!]!.text))

const CONDITIONS = new Set(['if', 'unless', 'whether'])

/** Two kinds with an or between them, also where one would be allowed to stand beside the other. */
function isHedged(words: readonly Word[], matches: readonly Match[]): boolean {
  return words.some(({ text }, place) => {
    if (text !== 'or') return false
    const before = new Set(matches.filter(({ places }) => places[0]! < place).map(({ kind }) => kind))
    const behind = new Set(matches.filter(({ places }) => places.at(-1)! > place).map(({ kind }) => kind))
    return new Set([...before, ...behind]).size > 1 && before.size > 0 && behind.size > 0
  })
}

function matchesIn(
  words: readonly Word[],
  { kinds, vague, aside }: Vocabulary,
  meant: string | undefined,
  message: readonly Pattern[],
): Match[] {
  const find = (patterns: readonly Pattern[], role: Role, kind?: string): Match[] =>
    patterns
      .flatMap((pattern) => findPattern(pattern, words, STOPS))
      .map((found) => ({ ...found, role, ...(kind ? { kind } : {}) }))
  const own = meant === undefined ? undefined : kinds.get(meant)
  return [
    ...find(message, 'own', meant),
    ...[...kinds].flatMap(([kind, { says }]) => {
      if (kind === meant) return find(says, 'own', kind)
      return find(says, own?.beside.has(kind) ? 'beside' : 'other', kind)
    }),
    ...find(own?.own ?? [], 'own', meant),
    ...find(own?.also ?? [], 'beside'),
    ...find(vague, 'vague'),
    ...find([...HARMLESS, ...aside], 'harmless'),
    ...find(DENIALS, 'negator').flatMap((match) => (match.gaps === 0 ? [{ ...match, back: true as const }] : [])),
    ...find(NEGATORS, 'negator').filter(({ gaps }) => gaps === 0),
  ]
}

/** "Is wrong" denies only when no kind of failure takes it for itself, and says only that much when it denies nothing. */
const lateness = ({ back, role }: Match) => (back ? 1 : role === 'vague' ? 2 : 0)

function choose(matches: Match[]): Match[] {
  const taken = new Set<number>()
  const better = (a: Match, b: Match) =>
    lateness(a) - lateness(b) ||
    b.places.length - a.places.length ||
    a.gaps - b.gaps ||
    RANK.indexOf(a.role) - RANK.indexOf(b.role)
  return [...matches].sort(better).filter(({ places }) => {
    if (places.some((place) => taken.has(place))) return false
    for (const place of places) taken.add(place)
    return true
  })
}

function denies(negator: Match, match: Match, words: readonly Word[], told: readonly Match[]): boolean {
  const at = negator.places[0]!
  const first = match.places[0]!
  if (at < first) return !negator.back && !turnsBetween(words, negator.places.at(-1)! + 1, first)
  const last = match.places.at(-1)!
  if (at < last) return true
  // "truncated it is not", "truncated? no": it looks back when it has nothing before it to look at.
  const end = words.findIndex(({ text }, place) => place > at && (text === '' || TURNS.has(text)) && text !== 'it')
  const rest = words.slice(negator.places.at(-1)! + 1, end === -1 ? undefined : end)
  if (!rest.every(({ text }) => BACKWARD.has(text))) return false
  const nearest = Math.max(...told.map(({ places }) => places.at(-1)!).filter((place) => place < at))
  if (last !== nearest) return false
  const between = words.slice(last + 1, at)
  return between.every(({ text }) => text === '' || BACKWARD.has(text) || !TURNS.has(text)) && clauses(between) <= 1
}

const clauses = (words: readonly Word[]) => words.filter(({ text }) => text === '').length

/** "Not that it is empty": what begins behind these is still what is denied. */
const CLAUSE = new Set('that if whether because unless think believe suppose doubt expect say'.split(' '))

function turnsBetween(words: readonly Word[], from: number, to: number): boolean {
  return words
    .slice(from, to)
    .some(({ text }, i) => text === '' || (TURNS.has(text) && !CLAUSE.has(words[from + i - 1]?.text ?? '')))
}
