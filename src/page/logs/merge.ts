import type { Labels, LogsAnswer } from '../../page-server/answers.ts'
import { type ShownLine, showLine } from './line.ts'

/** What a band holds at most: the newest stay. */
export const MOST_LINES = 100_000
/** A live tail that is left running holds so many, or as many as there were when it began. */
const LIVE_LINES = 5_000
/** Among so many a line that is told twice is known again. */
const RECENT = 2_000

export const EMPTY: readonly ShownLine[] = []

export const liveRoom = (before: number) => Math.min(MOST_LINES, Math.max(LIVE_LINES, before))

/** Lines that came live behind those that came before, each once. */
export function addFresh(
  base: readonly ShownLine[],
  newer: readonly ShownLine[],
  fresh: readonly ShownLine[],
): ShownLine[] {
  const seen = new Set([...base.slice(-RECENT), ...newer.slice(-RECENT)].map(({ key }) => key))
  return [...newer, ...fresh.filter(({ key }) => !seen.has(key))]
}

/** A query that was asked again after a tail has its lines too. */
export function afterTail(base: readonly ShownLine[], newer: readonly ShownLine[]): readonly ShownLine[] {
  const last = newer.at(-1)
  if (last === undefined) return base
  const known = new Set(newer.map(({ key }) => key))
  const rest = base.filter(({ key }) => !known.has(key))
  const isLater = ({ line }: ShownLine) => line.time > last.line.time
  return [...rest.filter((one) => !isLater(one)), ...newer, ...rest.filter(isLater)]
}

export function shownOf(answer: LogsAnswer | undefined): readonly ShownLine[] {
  if (answer === undefined) return EMPTY
  const none: Labels = {}
  return answer.lines.map((line) => showLine(line, answer.streams[line.stream] ?? none))
}
