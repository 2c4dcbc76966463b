import { setTimeout as sleep } from 'node:timers/promises'
import type { CheckContext } from '../context.ts'
import { ask, byHand, type Language, SIGNAL_OF, VISIBLE_OF } from '../query.ts'
import { fail, type Outcome, pass } from '../verdict.ts'
import { seconds, waitFor } from '../wait.ts'
import { cannotCome, notThere } from './not-there.ts'

export interface Question {
  language: Language
  query: string
}

const QUIET_MS = 2_000
const EVERY_MS = 150

/**
 * Nothing may come to `absent`. An empty answer proves that only when something else of the run has come the same
 * way (`proof`), and stays empty for a while after it.
 */
export async function quietWindow(
  context: CheckContext,
  absent: Question,
  proof: Question,
  options: { quietMs?: number; next?: string } = {},
): Promise<Outcome> {
  const { lab } = context
  const { quietMs = QUIET_MS } = options
  const query = byHand(absent.language, absent.query)
  const came = async () => {
    const rows = await ask(context, absent.language, absent.query)
    const [row] = rows
    if (row === undefined) return undefined
    const what = row.line ?? row.labels.name ?? row.labels.__name__ ?? row.traceId ?? absent.query
    return fail('not-none', `${rows.length} came, such as ${String(what).slice(0, 120)}`, {
      next: options.next ?? `See what is there: ${query}`,
      query,
      ...(row.traceId ? { traceId: row.traceId } : {}),
    })
  }
  const proven = await waitFor(
    lab,
    { signal: VISIBLE_OF[proof.language], what: `proof that the way is open: ${proof.query}` },
    async () => (await came()) ?? ((await ask(context, proof.language, proof.query)).length > 0 ? 'open' : undefined),
    () => cannotCome(context, SIGNAL_OF[proof.language]),
  )
  if (proven === undefined) {
    const outcome = await notThere(context, SIGNAL_OF[proof.language], 'what must come through')
    return { ...outcome, query: byHand(proof.language, proof.query) }
  }
  if (proven !== 'open') return proven
  const until = lab.now() + quietMs
  try {
    for (let now = lab.now(); now < until; now = lab.now()) {
      lab.onWait(`nothing has come; watching for ${seconds(until - now)} more`)
      await sleep(EVERY_MS, undefined, lab.signal ? { signal: lab.signal } : {})
      const late = await came()
      if (late) return late
    }
  } finally {
    lab.onWait(undefined)
  }
  return pass(`nothing of it came in ${seconds(quietMs)}, though other telemetry of the run did`, { query })
}
