const STRINGS = /"(?:[^"\\]|\\.)*"|`[^`]*`/g
const NAMES = 8

/** `resource.a.b`, `span.a`, `.a`: what a TraceQL asks for by name; a name in quotes is left out. */
const ATTRIBUTE = /(?<![\w.])(resource|span|event|link|instrumentation)?\.([A-Za-z_][\w./-]*)/g

/** Says which attributes of a TraceQL no span has, and what is called like them. */
export function unknownAttributes(query: string, tags: Readonly<Record<string, readonly string[]>>): string[] {
  const asked = [...query.replaceAll(STRINGS, '""').matchAll(ATTRIBUTE)]
  const found = asked.flatMap(([whole, scope, name]) => {
    const known = scope === undefined ? Object.values(tags).flat() : (tags[scope] ?? [])
    return known.includes(name!) ? [] : [unknown(`attribute is called ${whole}`, name!, known)]
  })
  return [...new Set(found)]
}

const MATCHER = /([A-Za-z_]\w*)\s*(?:=~|!~|!=|=)/g

/** The same of the labels in a stream selector. */
export function unknownLabels(selector: string, labels: readonly string[]): string[] {
  const asked = [...selector.replaceAll(STRINGS, '""').matchAll(MATCHER)].map(([, name]) => name!)
  return [...new Set(asked)]
    .filter((name) => !labels.includes(name))
    .map((name) => unknown(`label is called ${name}`, name, labels))
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const near = known.filter((one) => isNear(one, name)).slice(0, NAMES)
  if (near.length > 0) return `No ${what}. Near it: ${near.join(', ')}`
  return `No ${what}.${known.length > 0 ? ` There are ${known.slice(0, NAMES).join(', ')}${known.length > NAMES ? ', ...' : ''}` : ''}`
}

/** One holds the other, or they begin alike. */
export function isNear(name: string, asked: string): boolean {
  const [a, b] = [name.toLowerCase(), asked.toLowerCase()]
  return a.includes(b) || b.includes(a) || (b.length >= 4 && a.startsWith(b.slice(0, Math.max(4, b.length - 4))))
}
