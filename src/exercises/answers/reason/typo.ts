/**
 * Whether a word may be a slip of another: one letter too many, too few, wrong or swapped; two in a long word.
 * Short words are taken as they are (`not` is no slip of `nan`), and so is the first letter: `complete` is no slip
 * of `incomplete`.
 */
export function isSlipOf(word: string, target: string): boolean {
  if (word === target) return true
  const most = target.length >= 12 ? 2 : target.length >= 5 ? 1 : 0
  if (most === 0 || word[0] !== target[0] || Math.abs(word.length - target.length) > most) return false
  return distance(word, target) <= most
}

/** Damerau-Levenshtein over neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
