import { type Grade, notRead, right, wrong } from '../grade.ts'
import { plain } from '../read/read.ts'
import { readAs, says } from './judge.ts'
import { messagePatterns } from './message.ts'
import type { Vocabulary } from './vocabulary.ts'

/** One thing that failed in an attempt, as its telemetry tells it. */
export interface Cause {
  /** Such as a scan's name. */
  name: string
  /** `error.type`; '' when telemetry does not say. */
  type: string
  message: string
}

const MAX_LENGTH = 600

/**
 * Why something failed, in a learner's own words, graded by what they assert: one cause, named and not denied.
 * `others` are what else failed in the same attempt.
 */
export function gradeReason(text: string, cause: Cause, others: readonly Cause[], vocabulary: Vocabulary): Grade {
  const given = text.trim()
  const shown = `"${plain(given).slice(0, 80)}"`
  if (given === '' || given.length > MAX_LENGTH) {
    const seen = given === '' ? 'the answer is empty' : `the answer is longer than ${MAX_LENGTH} characters`
    return notRead('unreadable', seen, { next: 'Say in a few words why it failed' })
  }
  const isCause = (one: Cause) =>
    says(given, vocabulary, one.type || 'unknown', messagePatterns(one.message, vocabulary.kinds.has(one.type)))
  const asked = asks(given)
  if (isCause(cause) && !asked) return right(`${shown} is why ${cause.name} failed`)
  const said = readAs(given, vocabulary)
  const names = said.asserted.map((kind) => `"${vocabulary.kinds.get(kind)!.name}"`)
  if (said.asserted.length > 1 || said.hedged) {
    return notRead('several', `${shown} names more than one cause: ${names.join(', ')}`, {
      why: 'Whoever names all of them knows none of them',
      next: 'Read the failed span, and name the one that it tells',
    })
  }
  if (asked) return notRead('asks', `${shown} asks, and does not say`, { next: 'Say why it failed, in a few words' })
  const other = others.find((one) => one.type !== cause.type && isCause(one))
  if (other) {
    return wrong('other-file', `${shown} is how ${other.name} failed, not ${cause.name}`, {
      why: 'Several failed, each in its own way; the trace id keeps their stories apart',
    })
  }
  if (said.asserted.some((kind) => said.denied.includes(kind))) {
    return notRead('contradiction', `${shown} says it and denies it`, { next: 'Say the one or the other' })
  }
  if (said.asserted.length === 1) {
    return wrong(
      'wrong',
      `${shown} says that ${vocabulary.kinds.get(said.asserted[0]!)!.name}; that is not why ${cause.name} failed`,
    )
  }
  if (said.denied.length > 0) {
    return notRead('denies', `${shown} says what it is not`, { next: 'Say what it is' })
  }
  if (said.vague || VAGUE.test(given)) {
    return notRead('only-that', `${shown} says that ${cause.name} failed, not why`, {
      next: 'Read the message of the failed span, and say what was wrong',
    })
  }
  const choices = causesToChoose([cause, ...others], vocabulary).map(({ key, text }) => `${key}: ${text}`)
  return notRead('not-understood', `${shown} names no cause that is known here`, {
    why: 'Your own words are welcome, but not all are understood; it costs you nothing',
    next: `Say it with the words of the failed span, or name one of these:\n${choices.join('\n')}`,
  })
}

const VAGUE = /\b(failed|failure|error|crash|wrong|broken)\b/i

/** "Is it truncated?" says nothing; "truncated?" says it, though shyly. */
function asks(text: string): boolean {
  return (
    /\?\s*$/.test(text) &&
    /^\W*(is|was|are|were|does|did|do|could|can|might|what|which|why|how|has|isn't|wasn't|or)\b/i.test(text)
  )
}

/** To choose from instead of writing: the causes of this attempt's failures and others, in the order of the vocabulary. */
export function causesToChoose(
  causes: readonly Cause[],
  vocabulary: Vocabulary,
  most = 6,
): { key: string; text: string }[] {
  const own = new Set(causes.map(({ type }) => type))
  const keys = [...vocabulary.kinds.keys()]
  const chosen = new Set([...keys.filter((key) => own.has(key)), ...keys.filter((key) => !own.has(key))].slice(0, most))
  return keys.filter((key) => chosen.has(key)).map((key) => ({ key, text: vocabulary.kinds.get(key)!.name }))
}
