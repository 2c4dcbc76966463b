import { readFile } from 'node:fs/promises'
import { writeFileAtomic } from '../util/atomic-write.ts'
import type { Boxes } from './boxes.ts'
import type { AskedQuestion } from './make.ts'

export type RoundKind = 'exam' | 'practice'

/** A round as it is kept: its questions are those that were drawn, since the telemetry they are made of goes away. */
export interface Round {
  kind: RoundKind
  /** Milliseconds since the epoch. */
  startedAt: number
  endedAt?: number
  questions: AskedQuestion[]
  /** Question id -> key of the choice, or the query. */
  answers: Record<string, string>
  /** Question id -> whether it was right; null when nobody could tell. */
  grades: Record<string, boolean | null>
}

/** What is kept between rounds, in one file of the lab; with no path, for as long as the process lives. */
export async function openRounds(path: string | undefined) {
  let kept = path === undefined ? EMPTY : await read(path)
  const save = async (next: Kept) => {
    kept = next
    if (path !== undefined) await writeFileAtomic(path, `${JSON.stringify(kept, undefined, 2)}\n`)
  }
  return {
    round: (kind: RoundKind): Round | undefined => kept.rounds[kind],
    boxes: (): Boxes => kept.boxes,
    keep: (round: Round, boxes: Boxes = kept.boxes) => save({ rounds: { ...kept.rounds, [round.kind]: round }, boxes }),
    forget: (kind: RoundKind) => {
      const { [kind]: _, ...rounds } = kept.rounds
      return save({ ...kept, rounds })
    },
  }
}
export type Rounds = Awaited<ReturnType<typeof openRounds>>

interface Kept {
  rounds: Partial<Record<RoundKind, Round>>
  boxes: Boxes
}
const EMPTY: Kept = { rounds: {}, boxes: {} }

/** A file that cannot be read is no reason to refuse a round: it begins anew. */
async function read(path: string): Promise<Kept> {
  try {
    const { rounds, boxes } = JSON.parse(await readFile(path, 'utf8')) as Kept
    const isRound = (round: Round | undefined) =>
      round === undefined || (Array.isArray(round.questions) && typeof round.answers === 'object' && round.grades)
    if (typeof boxes !== 'object' || !isRound(rounds.exam) || !isRound(rounds.practice)) return EMPTY
    return { rounds, boxes }
  } catch {
    return EMPTY
  }
}
