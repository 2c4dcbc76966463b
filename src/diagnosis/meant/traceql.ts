import { nearest } from '../../util/nearest.ts'

export interface Tempo {
  /** Names of attributes, by scope. */
  tags(): Promise<Readonly<Record<string, readonly string[]>>>
  values(tag: string): Promise<readonly string[]>
}

/** What needs no quotes. */
const WORDS = new Set('error ok unset true false nil server client internal producer consumer unspecified'.split(' '))
/** Fields of a span that are no attributes, and hold text. */
const TEXTS = ['name', 'rootName', 'rootServiceName', 'statusMessage']
const KEYWORDS = ['status', 'kind']

const BARE = /([\w.:]+)(\s*(?:=~|!~|!=|=)\s*)([A-Za-z_][\w-]*)(?=\s*(?:[})&|]|$))/g
const UNSCOPED = /(?<![\w.":])([A-Za-z_]\w*(?:\.\w+)+)(?=\s*(?:=~|!~|!=|>=|<=|=|>|<))/g
const SCOPES = ['resource', 'span', 'event', 'link', 'instrumentation', 'parent', 'trace']
const COMPARED = /((?:resource\.|span\.|event\.|\.)?[A-Za-z_][\w.]*)(\s*=\s*)"((?:[^"\\]|\\.)*)"/g

/** Candidates, likeliest first: quotes, scopes, then the nearest names and values. */
export async function traceqlMeant(query: string, tempo: Tempo): Promise<string[]> {
  const text = query.replaceAll(/'([^'"`]*)'/g, '"$1"')
  const braced = /^\s*\{/.test(text) ? text : `{${text}}`
  const quoted = braced.replaceAll(BARE, (all, key: string, op: string, value: string) =>
    WORDS.has(value) && KEYWORDS.includes(key.replace(/^.*:/, '')) ? all : `${key}${op}"${value}"`,
  )
  const tags = await tempo.tags()
  const scoped = quoted.replaceAll(UNSCOPED, (_, key: string) =>
    SCOPES.includes(key.split('.')[0]!) ? nearKey(key, tags) : inScope(key, tags),
  )
  // A status is a word, not a text.
  const words = scoped.replaceAll(/\b(status|kind)(\s*!?=\s*)"(\w+)"/g, '$1$2$3')
  return [words, scoped, await nearValues(words, tempo)]
}

function inScope(key: string, tags: Readonly<Record<string, readonly string[]>>): string {
  const scope = ['resource', 'span', 'event'].find((one) => tags[one]?.includes(key))
  if (scope !== undefined) return `${scope}.${key}`
  const near = nearest(key, Object.values(tags).flat())
  return `.${near ?? key}`
}

function nearKey(whole: string, tags: Readonly<Record<string, readonly string[]>>): string {
  const dot = whole.indexOf('.')
  const [scope, key] = [whole.slice(0, dot), whole.slice(dot + 1)]
  const known = tags[scope]
  if (known === undefined || known.includes(key)) return whole
  const other = Object.keys(tags).find((one) => SCOPES.includes(one) && tags[one]!.includes(key))
  return other ? `${other}.${key}` : `${scope}.${nearest(key, known) ?? key}`
}

async function nearValues(query: string, tempo: Tempo): Promise<string> {
  let mended = query
  for (const [all, key, op, value] of query.matchAll(COMPARED)) {
    if (!key!.includes('.') && !TEXTS.includes(key!)) continue
    const near = nearest(value!, await tempo.values(key!).catch(() => []))
    if (near !== undefined && near !== value) mended = mended.replace(all, `${key}${op}"${near}"`)
  }
  return mended
}
