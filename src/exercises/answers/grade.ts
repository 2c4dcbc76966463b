/**
 * How an answer was taken. Only `wrong` is a guess that missed, and costs one; what could not be read is asked for
 * again. The words are for the learner and hold nothing of the right answer.
 */
export type Grade =
  | { grade: 'right'; seen: string }
  | {
      grade: 'wrong' | 'unreadable'
      /** Which way of being wrong or unreadable, for hints and scripts. */
      case: string
      seen: string
      why?: string
      /** What to do now. */
      next?: string
    }

export const right = (seen: string): Grade => ({ grade: 'right', seen })

export const wrong = (name: string, seen: string, more: { why?: string; next?: string } = {}): Grade => ({
  grade: 'wrong',
  case: name,
  seen,
  ...more,
})

export const notRead = (name: string, seen: string, more: { why?: string; next?: string } = {}): Grade => ({
  grade: 'unreadable',
  case: name,
  seen,
  ...more,
})
