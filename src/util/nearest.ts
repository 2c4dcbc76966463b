import { editDistance } from './edit-distance.ts'

/** The known word that differs least, when it differs by little: for "did you mean". */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.ceil(word.length / 3) + 1
  for (const candidate of known) {
    const distance = editDistance(word, candidate)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** "did you mean a, b?", or what there is when nothing comes near. */
export function suggestion(words: readonly string[], known: readonly string[], otherwise: string): string {
  const near = words.map((word) => nearest(word, known)).filter((word) => word !== undefined)
  return near.length > 0 ? `did you mean ${near.join(', ')}?` : `${otherwise}: ${known.join(', ')}`
}
