import type { Fault } from '../faults.ts'
import type { Incident } from './incident.ts'

export interface Score {
  /** Of 100. */
  total: number
  parts: { title: string; points: number; of: number; why: string }[]
}

const POINTS = { hop: 30, cause: 30, mend: 25, economy: 15 }
const BLAME = 15
/** All of the economy's points up to here, none from there on. */
const QUERIES = { all: 12, none: 40 }
const MINUTES = { all: 10, none: 40 }

/**
 * Localisation, cause, mend, and how little it took; each answer that blames what is healthy costs. Economy counts
 * only for who has found it: to say something at once is not quick, it is a guess.
 */
export function scoreOf(
  incident: Incident,
  faults: readonly Fault[],
  seen: { held: boolean; queries: number; endedAt: number },
): Score {
  const { answers, startedAt } = incident
  const best = answers.reduce<number>(
    (most, { blamed }) => Math.max(most, share(blamed.map(hopOf), faults.map(hopOf))),
    0,
  )
  const causes = answers.reduce<number>(
    (most, { blamed }) =>
      Math.max(
        most,
        share(
          blamed.map(({ cause }) => cause),
          faults.map(({ name }) => name),
        ),
      ),
    0,
  )
  const found = answers.some(({ right }) => right)
  const wrong = answers.flatMap(({ blamed, right }) =>
    right ? [] : wronglyBlamed(blamed.map(hopOf), faults.map(hopOf)),
  )
  const missed = answers.filter(({ blamed, right }) => !right && blamed.length === 0).length
  const minutes = (seen.endedAt - startedAt) / 60_000
  const thrift = Math.min(left(seen.queries, QUERIES), left(minutes, MINUTES))
  const parts = [
    { title: 'where', points: Math.round(POINTS.hop * best), of: POINTS.hop, why: hopsOf(faults) },
    { title: 'cause', points: Math.round(POINTS.cause * causes), of: POINTS.cause, why: titlesOf(faults) },
    {
      title: 'mended',
      points: seen.held && found ? POINTS.mend : 0,
      of: POINTS.mend,
      why: seen.held ? 'every signal came out while it was watched' : 'not every signal comes out',
    },
    {
      title: 'economy',
      points: found ? Math.round(POINTS.economy * thrift) : 0,
      of: POINTS.economy,
      why: `${seen.queries} queries, ${minutes.toFixed(1)} minutes`,
    },
  ]
  const faulty = wrong.length + missed
  if (faulty > 0) {
    const why = wrong.length > 0 ? `${[...new Set(wrong)].join(', ')} is healthy` : 'something is wrong'
    parts.push({ title: 'blamed in vain', points: -BLAME * faulty, of: 0, why })
  }
  const total = parts.reduce((sum, { points }) => sum + points, 0)
  return { total: Math.max(0, Math.min(100, total)), parts }
}

const hopOf = ({ hop }: { hop: string }) => hop
const hopsOf = (faults: readonly Fault[]) => [...new Set(faults.map(hopOf))].join(', ') || 'nowhere'
const titlesOf = (faults: readonly Fault[]) => faults.map(({ title }) => title).join('; ') || 'nothing was wrong'

/** Which part of what there is was named; nothing named is right where there is nothing. */
function share(named: readonly string[], there: readonly string[]): number {
  if (there.length === 0) return named.length === 0 ? 1 : 0
  return there.filter((one) => named.includes(one)).length / there.length
}

const wronglyBlamed = (named: readonly string[], there: readonly string[]) =>
  named.filter((one) => !there.includes(one))

function left(value: number, { all, none }: { all: number; none: number }): number {
  return Math.max(0, Math.min(1, (none - value) / (none - all)))
}
