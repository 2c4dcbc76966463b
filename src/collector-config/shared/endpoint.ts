import type { Complaint } from '../schema.ts'

/** Go's net.SplitHostPort; its words when the text is no `host:port`. */
export function splitHostPort(text: string): { host: string; port: string } | { error: string } {
  const wrong = (why: string) => ({ error: `address ${text}: ${why}` })
  const colon = text.lastIndexOf(':')
  if (colon < 0) return wrong('missing port in address')
  const port = text.slice(colon + 1)
  if (!text.startsWith('[')) {
    const host = text.slice(0, colon)
    if (host.includes(':')) return wrong('too many colons in address')
    return { host, port }
  }
  const end = text.indexOf(']')
  if (end < 0) return wrong("missing ']' in address")
  if (end + 1 === text.length) return wrong('missing port in address')
  if (end + 1 !== colon) return wrong(text[end + 1] === ':' ? 'too many colons in address' : 'missing port in address')
  return { host: text.slice(1, end), port }
}

/** What a listener would say of its address, before it tries. */
export function* listenProblems(endpoint: string, example: string): Generator<Complaint> {
  const parts = splitHostPort(endpoint)
  const hint = `write a host and a port, such as ${example}`
  if ('error' in parts) yield { message: `listen tcp: ${parts.error}`, key: ['endpoint'], hint }
  else if (!isPort(parts.port)) {
    const why = /^\d+$/.test(parts.port) ? 'invalid port' : `lookup tcp/${parts.port}: unknown port`
    yield {
      message: `listen tcp: ${why === 'invalid port' ? `address ${parts.port}: invalid port` : why}`,
      key: ['endpoint'],
      hint,
    }
  }
}

export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
}
