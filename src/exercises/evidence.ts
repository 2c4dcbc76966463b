import { createHash } from 'node:crypto'
import type { Attempt } from './attempt.ts'
import type { Exercise } from './exercise.ts'
import type { ExerciseLab } from './lab.ts'
import { canonical, type Seal, sealFault } from './seal.ts'
import { ownTrace } from './traces.ts'
import type { CheckResult } from './verdict.ts'

/** What a pass rests on, so that somebody else can look again. */
export interface Evidence {
  check: string
  seen: string
  query?: string
  /** SHA-256 of the result that was judged. */
  digest?: string
  traceId?: string
  /** Where the trace can be had. */
  link?: string
  /** SHA-256 of the attempt's spans in that trace, which the backend gives again as long as it keeps them. */
  traceDigest?: string
}

/** A pass, as it is signed. */
export interface Pass {
  course: string
  slug: string
  /** Of the exercise that was judged, and whether it was the one that was shipped. */
  digest: string
  changed: boolean
  runId: string
  at: string
  /** By --apply, before it was passed otherwise. */
  applied: boolean
  /** Whether it is proven that all of it came from the attempt's own programs. */
  origin: 'proven' | 'unknown'
  evidence: Evidence[]
}

export async function gatherEvidence(
  lab: ExerciseLab,
  attempt: Attempt,
  results: readonly CheckResult[],
): Promise<Evidence[]> {
  const ids = [...new Set(results.flatMap(({ traceId }) => traceId ?? []))]
  const digests = new Map(
    await Promise.all(ids.map(async (id) => [id, await traceDigest(lab, attempt, id).catch(() => undefined)] as const)),
  )
  return results.map(({ id, seen, query, digest, traceId }) => {
    const trace = traceId === undefined ? undefined : digests.get(traceId)
    return {
      check: id,
      seen,
      ...(query ? { query } : {}),
      ...(digest ? { digest } : {}),
      ...(traceId ? { traceId, link: `${lab.backends.tempo.url}/api/traces/${traceId}` } : {}),
      ...(trace ? { traceDigest: trace } : {}),
    }
  })
}

/** Undefined when Tempo has none of its spans (any more). */
export async function traceDigest(
  lab: ExerciseLab,
  attempt: Pick<Attempt, 'runId'> & Partial<Attempt>,
  traceId: string,
): Promise<string | undefined> {
  const scope = { lab, attempt: { asked: [traceId], ...attempt } as Attempt }
  const trace = await ownTrace(scope, traceId)
  const spans = trace?.spans.map(({ spanId, parentSpanId, name, startNs, endNs }) =>
    [spanId, parentSpanId ?? '', name, String(startNs), String(endNs)].join(' '),
  )
  return spans && resultDigest(spans.sort())
}

export const resultDigest = (result: unknown) => createHash('sha256').update(canonical(result)).digest('hex')

/** Why a recorded pass cannot be relied on; undefined when it can. `lab` is the id of the lab that signed it. */
export function passFault(
  pass: Pass | undefined,
  seal: Seal | undefined,
  expected: Pick<Exercise, 'course' | 'slug'>,
  lab?: string,
): string | undefined {
  if (pass === undefined) return 'nothing says how it was passed'
  const fault = sealFault(pass, seal, lab)
  if (fault) return fault
  if (pass.runId !== seal!.runId) return 'it is of another attempt'
  return pass.course === expected.course && pass.slug === expected.slug ? undefined : 'it is of another exercise'
}

/** Asks Tempo again for each trace that a pass rests on: the same, another, or not kept any more. */
export async function lookAgain(
  lab: ExerciseLab,
  pass: Pass,
): Promise<{ check: string; traceId: string; state: 'same' | 'other' | 'gone' }[]> {
  const known = pass.evidence.filter(({ traceId, traceDigest: digest }) => traceId && digest)
  return Promise.all(
    known.map(async ({ check, traceId, traceDigest: before }) => {
      const now = await traceDigest(lab, { runId: pass.runId }, traceId!)
      return {
        check,
        traceId: traceId!,
        state: now === undefined ? 'gone' : now === before ? 'same' : 'other',
      } as const
    }),
  )
}
