import { QueryError } from '../errors.ts'
import { difference } from '../exercises/answers/query/compare.ts'
import { readQuery } from '../exercises/answers/query/text.ts'
import type { QueryQuestion } from './make.ts'
import type { ObservedRun } from './run.ts'

export interface QueryGrade {
  /** Undefined when nobody can tell: the run's telemetry is no longer there. */
  right: boolean | undefined
  says: string
}

/** There is no such run. */
const NO_RUN = 'r0000000000-no-such-run'
const MOST_OTHERS = 2

/**
 * A query is right when it gives what the reference gives: for the run that was asked about, for none (a number that
 * is written into it would still be there), and for earlier runs of which something else is right.
 */
export async function gradeQuery(
  { query: { language, reference, run: runId, labels, tolerance }, says }: QueryQuestion,
  text: string,
  run: ObservedRun,
): Promise<QueryGrade> {
  const given = readQuery(text, language)
  if (!given.ok) return { right: false, says: `"${text}" ${given.why}.` }
  const alike = {
    by: language === 'promql' ? ('values' as const) : language === 'logql' ? ('lines' as const) : ('spans' as const),
    ...(labels ? { labels } : {}),
    ...(tolerance ? { tolerance } : {}),
  }
  const of = (query: string, id: string) => run.ask(language, query.replaceAll('${run}', id).replaceAll(runId, id), id)
  const differs = async (id: string) => {
    const [wanted, mine] = await Promise.all([of(reference, id), of(given.value, id)])
    return difference(wanted, mine, alike)
  }
  try {
    const right = await of(reference, runId)
    if (right.length === 0) return { right: undefined, says: `The telemetry of run ${runId} is no longer there.` }
    const live = await differs(runId)
    if (live) return { right: false, says: `It gives ${live.given}, where ${live.wanted} is right.` }
    if (await differs(NO_RUN))
      return { right: false, says: 'Right for this run, and it gives something for a run that never was as well.' }
    let tried = 0
    for (const id of run.others) {
      if (tried === MOST_OTHERS) break
      const rows = await of(reference, id)
      if (rows.length === 0 || !difference(right, rows, alike)) continue
      tried++
      const other = await differs(id)
      if (other)
        return {
          right: false,
          says: `Right for this run, but for run ${id} it gives ${other.given}, not ${other.wanted}.`,
        }
    }
    return { right: true, says }
  } catch (error) {
    if (error instanceof QueryError) return { right: false, says: `It is refused: ${error.message}` }
    throw error
  }
}
