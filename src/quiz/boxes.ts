const DAY = 86_400_000

/** After so many right answers in a row a question rests so long (Leitner's boxes). */
const RESTS = [0, DAY, 3 * DAY, 7 * DAY, 21 * DAY] as const

/** Of each question that was ever answered: the box that it lies in, and when it is due again (milliseconds). */
export type Boxes = Readonly<Record<string, { box: number; due: number }>>

/** A right answer moves a question up a box, a wrong one back to the first. */
export function moved(boxes: Boxes, id: string, right: boolean, now: number): Boxes {
  const box = right ? Math.min((boxes[id]?.box ?? 0) + 1, RESTS.length - 1) : 0
  return { ...boxes, [id]: { box, due: now + RESTS[box]! } }
}

/** First what was answered wrong or is due again, the longest waiting first; then what was never asked; then the rest. */
export function byNeed<T extends { id: string }>(questions: readonly T[], boxes: Boxes, now: number): T[] {
  const rank = ({ id }: T) => {
    const known = boxes[id]
    if (known === undefined) return 1
    return known.due <= now ? 0 : 2
  }
  const due = ({ id }: T) => boxes[id]?.due ?? 0
  return questions.toSorted((a, b) => rank(a) - rank(b) || due(a) - due(b))
}
