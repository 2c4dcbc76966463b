const KEY = /^(?:[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})$/
const VALUE = /^[ -+\--<>-~]{0,255}[!-+\--<>-~]$/
const MOST = 32

/** A tracestate's members in their order, read as OpenTelemetry's SDK for Go does (W3C Trace Context); undefined for what is none. */
export function traceStateMembers(text: string): Map<string, string> | undefined {
  const members = new Map<string, string>()
  for (const member of text.split(',')) {
    if (member === '') continue
    const at = member.indexOf('=')
    const key = member.slice(0, Math.max(at, 0)).replace(/^[ \t]+/, '')
    const value = member.slice(at + 1).replace(/[ \t]+$/, '')
    if (at < 0 || !KEY.test(key) || !VALUE.test(value) || members.has(key)) return undefined
    members.set(key, value)
    if (members.size > MOST) return undefined
  }
  return members
}

/** The text with a member in front of the others; as it was where either is none. */
export function withTraceStateMember(text: string, key: string, value: string): string {
  const members = traceStateMembers(text)
  if (members === undefined || !KEY.test(key) || !VALUE.test(value)) return text
  const others = [...members].filter(([one]) => one !== key)
  // One too many pushes the last out.
  return [[key, value], ...others]
    .slice(0, MOST)
    .map((member) => member.join('='))
    .join(',')
}
