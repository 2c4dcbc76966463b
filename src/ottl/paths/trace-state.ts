import type { Span } from '../../otlp/types.ts'
import type { Scene } from '../scene.ts'
import { type Access, text } from './access.ts'

/** `key=value,key=value` (W3C Trace Context). */
function membersOf(state: string): [key: string, value: string][] {
  return state
    .split(',')
    .map((member) => member.trim().split('='))
    .filter((member): member is [string, string] => member.length === 2 && member[0] !== '')
}

export const memberOf = (state: string, key: string): string => membersOf(state).find(([one]) => one === key)?.[1] ?? ''

/** What is written comes first, as the specification has it. */
export function withMember(state: string, key: string, value: string): string {
  const others = membersOf(state).filter(([one]) => one !== key)
  return [[key, value], ...others].map((member) => member.join('=')).join(',')
}

/** The whole as a text; one key makes a member of it (compile.ts). */
export const traceState = (span: (scene: Scene) => Span): Access => ({ ...text(span, 'traceState'), indexed: true })
