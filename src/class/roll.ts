import type { ClassEvent } from './event.ts'

export interface ExerciseState {
  number: number
  slug: string
  course: string
  state: 'passed' | 'tried'
  checks: number
  hints: number
  applied: boolean
  firstAt: number
  passedAt?: number
  verdict: string
  /** Of the last check, as told. */
  results: string[]
}

export interface MemberState {
  id: string
  name: string
  seenAt: number
  left: boolean
  passed: number
  /** Where they are: the exercise that was checked last. */
  now?: ExerciseState
  /** Since when they have tried it without passing; absent for who is not stuck. */
  stuckSince?: number
  exercises: ExerciseState[]
}

export interface WrongAnswer {
  number: number
  slug: string
  /** The check, and how it failed: `duration/value`. */
  failed: string
  /** How many learners got it, and how often in all. */
  members: number
  times: number
}

export interface Roll {
  members: MemberState[]
  wrong: WrongAnswer[]
}

/** So many checks without a pass, or so long, and somebody should have a look. */
const STUCK_CHECKS = 3
const STUCK_MS = 10 * 60_000

/** Who is where, who is stuck, and what goes wrong most: all of it from what was told. */
export function rollOf(events: readonly ClassEvent[], now: number): Roll {
  const members = new Map<string, MemberState>()
  const wrong = new Map<string, WrongAnswer & { by: Set<string> }>()
  for (const event of events.toSorted((a, b) => a.at - b.at)) {
    const { member: id, name, at, kind } = event
    const member = members.get(id) ?? { id, name, seenAt: at, left: false, passed: 0, exercises: [] }
    members.set(id, member)
    Object.assign(member, { name, seenAt: at, left: kind === 'left' })
    if (kind !== 'checked') continue
    member.now = checked(member, event)
    for (const failed of failuresOf(event)) {
      const key = `${event.course} ${event.number} ${failed}`
      const one = wrong.get(key) ?? {
        ...{ number: event.number!, slug: event.slug!, failed, members: 0, times: 0 },
        by: new Set<string>(),
      }
      one.times++
      one.by.add(id)
      wrong.set(key, one)
    }
  }
  for (const member of members.values()) {
    member.passed = member.exercises.filter(({ state }) => state === 'passed').length
    const stuckSince = stuckAt(member, now)
    if (stuckSince !== undefined) member.stuckSince = stuckSince
  }
  return {
    members: [...members.values()].toSorted(
      (a, b) => (a.stuckSince ?? Infinity) - (b.stuckSince ?? Infinity) || a.name.localeCompare(b.name),
    ),
    wrong: [...wrong.values()]
      .map(({ by, ...one }) => ({ ...one, members: by.size }))
      .toSorted((a, b) => b.members - a.members || b.times - a.times || a.number - b.number),
  }
}

function checked(member: MemberState, event: ClassEvent): ExerciseState {
  const { at, number, slug, course = '', verdict, results, hints, applied } = event
  const before = member.exercises.find((one) => one.slug === slug && one.course === course)
  const state: ExerciseState = before ?? {
    ...{ number: number!, slug: slug!, course, state: 'tried', checks: 0, hints: 0, applied: false, firstAt: at },
    ...{ verdict: '', results: [] },
  }
  if (before === undefined) member.exercises.push(state)
  Object.assign(state, { verdict, results, hints: Math.max(state.hints, hints), applied: state.applied || applied })
  state.checks++
  if (verdict === 'passed' && state.state !== 'passed') Object.assign(state, { state: 'passed', passedAt: at })
  return state
}

/** Only what was found wrong: a slow or broken lab is nobody's wrong answer, and what was not answered yet is none. */
const failuresOf = ({ verdict, results }: ClassEvent): string[] =>
  verdict === 'failed'
    ? results.flatMap((one) => {
        const [id, how, name] = one.split(':')
        return how === 'failed' && name !== 'unanswered' ? [name ? `${id}/${name}` : id!] : []
      })
    : []

function stuckAt({ now: at, left }: MemberState, now: number): number | undefined {
  if (at === undefined || left || at.state === 'passed') return undefined
  return at.checks >= STUCK_CHECKS || now - at.firstAt >= STUCK_MS ? at.firstAt : undefined
}
