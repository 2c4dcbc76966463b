import { readRandomness, readThreshold } from './threshold.ts'

/** A span's tracestate: OpenTelemetry's own member taken apart, the others as they are. */
export interface TraceState {
  randomness?: bigint
  threshold?: bigint
  /** Other fields of the member `ot`. */
  fields: string[]
  others: string[]
}

const KEY = '(?:[a-z][a-z0-9\\-*/_]*|[a-z0-9][a-z0-9\\-*/_]*@[a-z][a-z0-9\\-*/_]*)'
const MEMBER = `(?:${KEY}=[ -+\\--<>-~]{0,255}[!-+\\--<>-~])?`
const STATE = new RegExp(`^[ \\t]*${MEMBER}[ \\t]*(?:,[ \\t]*${MEMBER}[ \\t]*)*$`)
const FIELD = /^[a-z][a-z0-9]*:[A-Za-z0-9._-]*$/
const MAX_LENGTH = 1024
const MAX_MEMBERS = 32
const MAX_OT = 256

/** Throws Error on what is none. */
export function parseTraceState(text: string): TraceState {
  const state: TraceState = { fields: [], others: [] }
  if (text === '') return state
  if (text.length > MAX_LENGTH) throw new Error('invalid tracestate size')
  if (!STATE.test(text)) throw new Error('invalid syntax')
  const members = text.split(',').map((member) => member.trim())
  if (members.length > MAX_MEMBERS) throw new Error('invalid tracestate size')
  for (const member of members.filter(Boolean)) {
    const at = member.indexOf('=')
    if (member.slice(0, at) === 'ot') readOwn(state, member.slice(at + 1))
    else state.others.push(member)
  }
  return state
}

function readOwn(state: TraceState, text: string): void {
  if (text.length > MAX_OT) throw new Error('invalid tracestate size')
  for (const field of text.split(';')) {
    if (!FIELD.test(field)) throw new Error('invalid syntax')
    const [key, value] = field.split(':') as [string, string]
    if (key === 'rv') {
      const randomness = readRandomness(value)
      if (randomness === undefined) throw new Error('r-value must have 14 hex digits')
      state.randomness = randomness
    } else if (key === 'th') {
      const threshold = readThreshold(value)
      if (threshold === undefined) throw new Error(value === '' ? 't-value is empty' : 't-value exceeds 14 hex digits')
      state.threshold = threshold
    } else state.fields.push(field)
  }
}
