import { editDistance } from '../../../util/edit-distance.ts'

/**
 * Whether a word may be a slip of another: one letter too many, too few, wrong or swapped; two in a long word.
 * Short words are taken as they are (`not` is no slip of `nan`), and so is the first letter: `complete` is no slip
 * of `incomplete`.
 */
export function isSlipOf(word: string, target: string): boolean {
  if (word === target) return true
  const most = target.length >= 12 ? 2 : target.length >= 5 ? 1 : 0
  if (most === 0 || word[0] !== target[0] || Math.abs(word.length - target.length) > most) return false
  return editDistance(word, target) <= most
}
