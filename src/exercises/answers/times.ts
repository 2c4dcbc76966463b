import type { Attempt } from '../attempt.ts'
import type { MomentScope } from './read/moment.ts'
import type { Within } from './read/number.ts'

/** No program that sends telemetry is done sooner. */
const LEAST_MS = 20
const MOST_MS = 60_000

/** What a time that was measured in this attempt can be, whatever it was: by it a number without its unit is read. */
export function withinAttempt(attempt: Attempt): Within {
  return [LEAST_MS, Math.max(MOST_MS, 2 * (lastOf(attempt) - attempt.startedAt))]
}

export const momentScope = (attempt: Attempt): MomentScope => ({ since: attempt.startedAt, until: lastOf(attempt) })

const lastOf = ({ endedAt, sightings }: Attempt) => Math.max(endedAt, ...sightings.map(({ at }) => at))
