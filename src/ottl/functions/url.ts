import type { AnyValue } from '../../otlp/types.ts'

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** scheme, authority, path, query, fragment (RFC 3986, appendix B). */
const PARTS = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s

/** A URL's parts under the names of the semantic conventions. What is not there is left out, but for the first four. */
export function urlParts(text: string): [string, AnyValue][] {
  if (text === '') throw new Error('url cannot be empty')
  const [, scheme = '', authority, path = '', query, fragment] = PARTS.exec(text) ?? []
  const at = authority?.lastIndexOf('@') ?? -1
  const user = at < 0 ? undefined : authority!.slice(0, at)
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority?.slice(at + 1) ?? '') ?? []
  if (port !== undefined && !/^\d*$/.test(port)) {
    throw new Error(`parse ${JSON.stringify(text)}: invalid port ${JSON.stringify(`:${port}`)} after host`)
  }
  const parts: [string, AnyValue | undefined][] = [
    ['url.original', text],
    ['url.domain', host.replace(/^\[|\]$/g, '')],
    ['url.scheme', scheme.toLowerCase()],
    ['url.path', decoded(path)],
    ['url.port', port ? BigInt(port) : undefined],
    ['url.fragment', fragment ? decoded(fragment) : undefined],
    ['url.query', query || undefined],
    ['url.extension', /\.([^.]+)$/s.exec(decoded(path))?.[1]],
  ]
  if (user !== undefined) {
    const colon = user.indexOf(':')
    const name = colon < 0 ? user : user.slice(0, colon)
    parts.push(['url.user_info', user], ['url.username', decoded(name) || undefined])
    if (colon >= 0) parts.push(['url.password', decoded(user.slice(colon + 1))])
  }
  return parts.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as [string, AnyValue]]))
}
