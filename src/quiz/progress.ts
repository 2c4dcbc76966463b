import { readFile, rm } from 'node:fs/promises'
import { writeFileAtomic } from '../util/atomic-write.ts'

export interface QuizProgress {
  /** The order in which this round is asked. */
  seed: number
  /** Question id -> key of the choice. */
  answers: Record<string, string>
}

/** Keeps a round of the quiz in `path`; with no path, for as long as the process lives. */
export async function openProgress(path: string | undefined, newSeed: () => number) {
  let round = (path === undefined ? undefined : await readRound(path)) ?? { seed: newSeed(), answers: {} }
  const save = async () => {
    if (path !== undefined) await writeFileAtomic(path, `${JSON.stringify(round, undefined, 2)}\n`)
  }
  return {
    round: (): QuizProgress => round,
    async add(answers: Record<string, string>): Promise<void> {
      round = { ...round, answers: { ...round.answers, ...answers } }
      await save()
    },
    async reset(): Promise<void> {
      if (path !== undefined) await rm(path, { force: true })
      round = { seed: newSeed(), answers: {} }
    },
    async reseed(seed: number): Promise<void> {
      round = { ...round, seed }
    },
  }
}

/** A file that cannot be read as a round is no reason to refuse the quiz: it begins anew. */
async function readRound(path: string): Promise<QuizProgress | undefined> {
  try {
    const { seed, answers } = JSON.parse(await readFile(path, 'utf8')) as QuizProgress
    if (!Number.isInteger(seed) || typeof answers !== 'object' || answers === null) return undefined
    return { seed, answers: Object.fromEntries(Object.entries(answers).filter(([, key]) => typeof key === 'string')) }
  } catch {
    return undefined
  }
}
