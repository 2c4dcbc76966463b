/** Go's url.Parse: whether it would take the text (net/url). */
export function isGoUrl(text: string): boolean {
  if ([...text].some((letter) => letter < ' ' || letter === '\x7f')) return false
  const [whole] = text.split('#', 1) as [string]
  if (!isEscaped(text.slice(whole.length + 1))) return false
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(whole)?.[1]
  if (scheme === undefined && whole.startsWith(':')) return false
  const rest = (scheme === undefined ? whole : whole.slice(scheme.length + 1)).split('?', 1)[0]!
  if (!rest.startsWith('/')) {
    // Behind a scheme that is opaque; without one a colon may not come before the first slash.
    return scheme !== undefined || !rest.split('/', 1)[0]!.includes(':')
  }
  if (!rest.startsWith('//')) return isEscaped(rest)
  const [authority] = rest.slice(2).split('/', 1) as [string]
  return isAuthority(authority) && isEscaped(rest.slice(2 + authority.length))
}

const isEscaped = (text: string) => !/%(?![0-9a-fA-F]{2})/.test(text)

function isAuthority(text: string): boolean {
  const at = text.lastIndexOf('@')
  const [user, host] = at < 0 ? ['', text] : [text.slice(0, at), text.slice(at + 1)]
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) || !isEscaped(user)) return false
  if (host.startsWith('[')) return /^\[[^\]]*\](:\d*)?$/.test(host)
  const colon = host.lastIndexOf(':')
  if (colon >= 0 && !/^\d*$/.test(host.slice(colon + 1))) return false
  // In a host only what is not ASCII may be escaped.
  if (/%(?![89a-fA-F][0-9a-fA-F])/.test(host)) return false
  return /^[^\s\\^`{|}]*$/.test(host)
}
