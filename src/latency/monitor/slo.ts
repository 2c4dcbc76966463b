import { EXIT, LabError } from '../../errors.ts'
import { parseDuration } from '../../util/duration.ts'
import { quantile } from '../distribution.ts'
import { DOORS, type Door } from '../door.ts'

/** `p95<5s` of every door, or of one: `logs:p99<2s`. */
export interface Slo {
  text: string
  door: Door | undefined
  quantile: number
  limitMs: number
}

/** Throws LabError `usage`. */
export function sloOf(text: string): Slo {
  const [, door, percent, duration] = /^(?:([a-z-]+):)?\s*p(\d{1,2}(?:\.\d+)?)\s*<\s*(\S+)$/.exec(text.trim()) ?? []
  const limitMs = duration === undefined ? undefined : parseDuration(duration)
  const known = door === undefined || (DOORS as readonly string[]).includes(door)
  if (percent !== undefined && limitMs !== undefined && limitMs > 0 && Number(percent) > 0 && known) {
    return { text, door: door as Door | undefined, quantile: Number(percent) / 100, limitMs }
  }
  throw new LabError('usage', `--slo ${text} is no objective`, {
    hint: `otel-lab latency --watch --slo 'p95<5s' --slo 'logs:p99<2s'\nDoors: ${DOORS.join(', ')}`,
    exit: EXIT.usage,
  })
}

export interface SloState {
  door: Door
  /** In milliseconds, oldest first; what has not come (in time) is Infinity. */
  outcomes: readonly number[]
}

/** Two in a row past the limit are no bad luck; else it is the quantile over what is remembered. */
const IN_A_ROW = 2
const LEAST_FOR_QUANTILE = 20

export interface Breach {
  slo: Slo
  door: Door
  said: string
}

export function breachesOf(slos: readonly Slo[], states: readonly SloState[]): Breach[] {
  return slos.flatMap((slo) =>
    states
      .filter(({ door }) => slo.door === undefined || slo.door === door)
      .flatMap(({ door, outcomes }): Breach[] => {
        const last = outcomes.slice(-IN_A_ROW)
        if (last.length === IN_A_ROW && last.every((ms) => ms > slo.limitMs)) {
          return [{ slo, door, said: `the last ${IN_A_ROW} probes were not there in time` }]
        }
        if (outcomes.length < LEAST_FOR_QUANTILE) return []
        const value = quantile(
          [...outcomes].sort((a, b) => a - b),
          slo.quantile,
        )
        if (value < slo.limitMs) return []
        const shown = Number.isFinite(value) ? `${(value / 1_000).toPrecision(3)} s` : 'never'
        return [{ slo, door, said: `p${slo.quantile * 100} of the last ${outcomes.length} is ${shown}` }]
      }),
  )
}
