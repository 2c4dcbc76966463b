import { timingSafeEqual } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Build } from '../component.ts'
import type { Authenticator } from './authenticator.ts'

/** A token that exporters send, and that receivers ask for. A file of tokens is read again when it has changed. */
export function createBearerTokenAuth({ config, logger }: Build): Authenticator {
  const s = config.settings
  const written: string[] = s.tokens.length > 0 ? s.tokens : s.token === '' ? [] : [s.token]
  const fromFile = s.filename !== '' && s.tokens.length === 0
  if (fromFile && written.length > 0) logger.warn('a filename is specified. Configured token(s) is ignored!')
  let held: string[] = []
  let changedAt = Number.NaN

  const tokens = (): string[] => {
    if (!fromFile) return written
    try {
      const { mtimeMs } = statSync(s.filename)
      if (mtimeMs === changedAt) return held
      // The first word of each line.
      held = readFileSync(s.filename, 'utf8')
        .split('\n')
        .flatMap((line) => line.trim().split(/\s+/).filter(Boolean).slice(0, 1))
      if (!Number.isNaN(changedAt)) logger.info('refresh token', { filename: s.filename })
      changedAt = mtimeMs
    } catch (error) {
      logger.error('failed to read token file', { error: (error as Error).message })
    }
    return held
  }
  const values = () => tokens().map((token) => (s.scheme === '' ? token : `${s.scheme} ${token}`))
  return {
    headers: () => ({ [s.header]: values()[0] ?? '' }),
    fault(headerOf) {
      const given = headerOf(s.header.toLowerCase())
      if (given === undefined) return `missing or empty authorization header: ${s.header}`
      const fits = values().some((value) => same(value, given))
      return fits ? undefined : 'provided authorization does not match expected scheme or token'
    },
  }
}

function same(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}
