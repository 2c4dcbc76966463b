/** Where a log line's value is, as the file log receiver's operators name it: `body.user`, `attributes["a.b"]`. */
export interface LogField {
  root: 'body' | 'attributes' | 'resource'
  keys: string[]
}

const PART = /^(?:\[(?:'([^']*)'|"([^"]*)")\]|([^.[]+))/

/** @param rootable whether `attributes` and `resource` may stand alone. Throws Error in the real one's words. */
export function parseLogField(text: string, rootable = false): LogField {
  const parts: string[] = []
  let rest = text
  while (rest !== '') {
    const found = PART.exec(rest)
    if (found === null) throw new Error(`splitting field: ${brokenPart(rest)}`)
    parts.push(found[1] ?? found[2] ?? found[3]!)
    rest = rest.slice(found[0].length)
    if (rest.startsWith('.')) rest = rest.slice(1)
    else if (rest !== '' && !rest.startsWith('[')) {
      throw new Error('splitting field: bracketed access must be followed by a dot or another bracketed access')
    }
  }
  const [root, ...keys] = parts
  if (root === undefined) throw new Error('splitting field: fields size is 0')
  if (root !== 'body' && root !== 'attributes' && root !== 'resource') throw new Error('unrecognized prefix')
  if (root !== 'body' && keys.length === 0 && !rootable)
    throw new Error(`${root} cannot be referenced without subfield`)
  return { root, keys }
}

function brokenPart(rest: string): string {
  const [, quote, inside] = /^\[(['"]?)(.*)/s.exec(rest) ?? []
  if (quote === undefined) return 'fields size is 0'
  if (quote === '')
    return inside === '' ? 'found unclosed left bracket' : 'strings in brackets must be surrounded by quotes'
  const end = inside!.indexOf(quote)
  if (end < 0) return `found unclosed ${quote === '"' ? 'double' : 'single'} quote`
  const unclosed = end === inside!.length - 1
  return unclosed ? 'found unclosed left bracket' : 'found characters between closed quote and closing bracket'
}

/** Go's layout of a time, by its own example, in the collector's directives. */
const GO_LAYOUT: [go: RegExp, directive: string][] = [
  [/^2006/, '%Y'],
  [/^January/, '%B'],
  [/^Jan/, '%b'],
  [/^Monday/, '%A'],
  [/^Mon/, '%a'],
  [/^MST/, '%Z'],
  [/^(Z07:?00|-07:?00)/, '%z'],
  [/^01/, '%m'],
  [/^02/, '%d'],
  [/^_2/, '%e'],
  [/^03/, '%I'],
  [/^04/, '%M'],
  [/^05[.,][09]+/, '%S'],
  [/^05/, '%S'],
  [/^06/, '%y'],
  [/^15/, '%H'],
  [/^PM/, '%p'],
  [/^1/, '%m'],
  [/^2/, '%d'],
  [/^3/, '%I'],
  [/^4/, '%M'],
  [/^5/, '%S'],
]

export function strptimeOfGo(layout: string): string {
  let out = ''
  for (let rest = layout; rest !== ''; ) {
    const found = GO_LAYOUT.find(([go]) => go.test(rest))
    const length = found ? found[0].exec(rest)![0].length : 1
    out += found ? found[1] : rest[0] === '%' ? '%%' : rest[0]!
    rest = rest.slice(length)
  }
  return out
}
