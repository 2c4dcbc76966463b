import { readRandomness, readThreshold } from './threshold.ts'

/** A span's tracestate: OpenTelemetry's own member taken apart, the others as they are. */
export interface TraceState {
  randomness?: bigint | undefined
  threshold?: bigint | undefined
  /** Other fields of the member `ot`. */
  fields: string[]
  others: string[]
  fault?: string
}

const KEY = '(?:[a-z][a-z0-9\\-*/_]*|[a-z0-9][a-z0-9\\-*/_]*@[a-z][a-z0-9\\-*/_]*)'
const MEMBER = `(?:${KEY}=[ -+\\--<>-~]{0,255}[!-+\\--<>-~])?`
const STATE = new RegExp(`^[ \\t]*${MEMBER}[ \\t]*(?:,[ \\t]*${MEMBER}[ \\t]*)*$`)
const FIELD = /^[a-z][a-z0-9]*:[A-Za-z0-9._-]*$/
const MAX_LENGTH = 1024
const MAX_MEMBERS = 32
const MAX_OT = 256

/** What is in a text; where something in it is wrong, what stands in `fault` of it, and the rest is read all the same. */
export function parseTraceState(text: string): TraceState {
  const state: TraceState = { fields: [], others: [] }
  if (text === '') return state
  if (text.length > MAX_LENGTH) return { ...state, fault: 'invalid tracestate size' }
  if (!STATE.test(text)) return { ...state, fault: 'invalid syntax' }
  const members = text.split(',').map((member) => member.trim())
  for (const member of members.slice(0, MAX_MEMBERS - 1).filter(Boolean)) {
    const at = member.indexOf('=')
    if (member.slice(0, at) === 'ot') readOwn(state, member.slice(at + 1))
    else state.others.push(member)
  }
  if (members.length >= MAX_MEMBERS) state.fault = 'invalid tracestate size'
  return state
}

function readOwn(state: TraceState, text: string): void {
  const fields = text.split(';')
  if (text.length > MAX_OT) state.fault = 'invalid tracestate size'
  else if (!fields.every((field) => FIELD.test(field))) state.fault = 'invalid syntax'
  else for (const field of fields) readField(state, field)
}

function readField(state: TraceState, field: string): void {
  const [key, value] = field.split(':') as [string, string]
  if (key === 'rv') {
    state.randomness = readRandomness(value)
    if (state.randomness === undefined) state.fault = 'r-value must have 14 hex digits'
  } else if (key === 'th') {
    state.threshold = readThreshold(value)
    if (state.threshold === undefined) {
      state.fault = value === '' ? 't-value is empty' : 't-value exceeds 14 hex digits'
    }
  } else state.fields.push(field)
}
