import type { Language } from '../../query.ts'
import { type Read, read, unreadable } from '../read/read.ts'

const BACKEND = { traceql: 'tempo', promql: 'prometheus', logql: 'loki' } as const
const MAX_LENGTH = 5_000

/** The query itself, out of what was written: with quotes around it, or as the whole command by which one asks by hand. */
export function readQuery(text: string, language: Language): Read<string> {
  const backend = BACKEND[language]
  const instead = `Try it first: otel-lab query ${backend} 'QUERY'`
  let given = text.trim()
  if (given.length > MAX_LENGTH) return unreadable('too-long', `is longer than ${MAX_LENGTH} characters`, instead)
  const command = /^(?:\$ )?(?:npx )?otel-lab query (\w+) ((?:--?\w[\w-]*(?:[= ]\d\w*)? )*)(.*)$/s.exec(given)
  if (command) {
    if (command[1] !== backend)
      return unreadable('other-backend', `asks ${command[1]}, and the question is for ${backend}`, instead)
    given = command[3]!.trim()
  }
  const quoted = /^(['`])(.*)\1$/s.exec(given) ?? /^(")([^"]*)"$/s.exec(given)
  if (quoted) given = quoted[2]!.trim()
  return given === '' ? unreadable('empty', 'is no query', instead) : read(given)
}
