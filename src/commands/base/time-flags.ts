import { Flags } from '@oclif/core'
import { EXIT, LabError } from '../../errors.ts'
import { parseDuration } from '../../util/duration.ts'

const DAY_MS = 86_400_000

/** The flags that say which span of time a query looks at. */
export const windowFlags = {
  since: Flags.string({ description: 'look back so far: 30s, 5m, 2h, 7d' }),
  start: Flags.string({ description: 'from then on: a time, or a span before now' }),
  end: Flags.string({ description: 'until then: a time, or a span before now; now when left out' }),
}

export interface WindowFlags {
  since?: string | undefined
  start?: string | undefined
  end?: string | undefined
}

/** In milliseconds since the epoch. Throws LabError `bad-time`. */
export function windowOf(flags: WindowFlags, defaultMs: number, now: number): { start: number; end: number } {
  if (flags.since !== undefined && flags.start !== undefined) {
    throw new LabError('usage', '--since and --start both say where the window begins', { exit: EXIT.usage })
  }
  const end = flags.end === undefined ? now : momentOf(flags.end, now, '--end')
  if (flags.start !== undefined) {
    const start = momentOf(flags.start, now, '--start')
    if (start >= end) throw new LabError('bad-time', 'the window ends before it starts', { exit: EXIT.usage })
    return { start, end }
  }
  return { start: end - (flags.since === undefined ? defaultMs : spanOf(flags.since, '--since')), end }
}

/** `30s`, `1h30m`, `7d` as milliseconds. Throws LabError `bad-time`. */
export function spanOf(text: string, flag: string): number {
  const days = /^(\d+)d(.*)$/.exec(text)
  const rest = days === null ? parseDuration(text) : days[2] === '' ? 0 : parseDuration(days[2]!)
  const ms = rest === undefined ? undefined : rest + Number(days?.[1] ?? 0) * DAY_MS
  if (ms !== undefined && ms > 0) return ms
  throw new LabError('bad-time', `${flag} ${text} is no span of time`, {
    hint: `Spans look like 30s, 5m, 1h30m or 7d: ${flag} 5m`,
    exit: EXIT.usage,
  })
}

/** A time (ISO, or seconds since 1970), or a span before now. */
function momentOf(text: string, now: number, flag: string): number {
  if (/^\d{9,11}(\.\d+)?$/.test(text)) return Number(text) * 1000
  const time = /^\d{4}-/.test(text) ? new Date(text).getTime() : Number.NaN
  return Number.isNaN(time) ? now - spanOf(text, flag) : time
}
