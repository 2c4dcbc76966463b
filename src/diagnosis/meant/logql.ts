import { nearest } from '../../util/nearest.ts'

export interface Loki {
  labels(): Promise<readonly string[]>
  values(label: string): Promise<readonly string[]>
}

/** A stream selector with all that its strings may hold, and what follows it. */
const QUERY = /^(\s*\{)((?:[^"`}]|"(?:[^"\\]|\\.)*"|`[^`]*`)*)(\})([\s\S]*)$/
const MATCHER = /([A-Za-z_]\w*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|`[^`]*`)/g
const ANYTHING = 'service_name=~".+"'

/** Other quotes, and none at all. */
const quoted = (query: string) =>
  query
    .replaceAll(/(=~|!~|!=|=)\s*'([^'"`]*)'/g, '$1"$2"')
    .replaceAll(/(=~|!~|!=|=)\s*([A-Za-z_][\w.-]*)(?=\s*[,}])/g, '$1"$2"')

interface Matcher {
  label: string
  op: string
  /** With its quotes. */
  value: string
}

/**
 * Candidates, likeliest first. What is no label of a stream may be structured metadata, which is asked for behind a
 * pipe; a level is there as `detected_level`, in small letters.
 */
export async function logqlMeant(query: string, loki: Loki): Promise<string[]> {
  const parts = QUERY.exec(quoted(query))
  if (parts === null) return []
  const [, , inside = '', , rest = ''] = parts
  // What cannot be read is not to be lost: then it is better to say nothing.
  if (/[^\s,]/.test(inside.replaceAll(MATCHER, ''))) return []
  const labels = await loki.labels()
  const all = [...inside.matchAll(MATCHER)].map(
    ([, label, op, value]): Matcher => ({ label: label!, op: op!, value: value! }),
  )
  const known = all.filter(({ label }) => labels.includes(label))
  const others = all.filter(({ label }) => !labels.includes(label))
  const near = await Promise.all(known.map((one) => nearValue(one, loki)))
  const renamed = others.map((one) => ({ ...one, label: nearest(one.label, labels) ?? one.label }))
  const behind = (pipe: readonly Matcher[]) => pipe.map((one) => ` | ${written(one)}`).join('')
  return [
    `{${selector(near)}}${behind(others)}${rest}`,
    `{${selector(near)}}${behind(others.map(asLevel))}${levels(rest)}`,
    `{${selector([...near, ...renamed])}}${rest}`,
  ]
}

const selector = (matchers: readonly Matcher[]): string =>
  matchers.some(({ op }) => op === '=' || op === '=~')
    ? matchers.map(written).join(', ')
    : [ANYTHING, ...matchers.map(written)].join(', ')

const written = ({ label, op, value }: Matcher) => `${label}${op}${value}`

const asLevel = (one: Matcher): Matcher =>
  /^(?:level|severity|severity_text|detected_level)$/i.test(one.label)
    ? { ...one, label: 'detected_level', value: one.value.toLowerCase() }
    : one

const levels = (rest: string) =>
  rest.replaceAll(
    /\b(?:level|severity|severity_text|detected_level)(\s*=\s*)("[A-Za-z]+")/gi,
    (_, op: string, value: string) => `detected_level${op}${value.toLowerCase()}`,
  )

async function nearValue(one: Matcher, loki: Loki): Promise<Matcher> {
  if (one.op !== '=') return one
  const values = await loki.values(one.label).catch((): string[] => [])
  const plain = one.value.slice(1, -1)
  if (values.includes(plain)) return one
  const near = nearest(plain, values) ?? values.find((value) => value.includes(plain))
  return near === undefined ? one : { ...one, value: `"${near}"` }
}
