/** A component's id, `type` or `type/name` (collector component/identifiable.go). Error texts are the collector's. */
export interface ComponentId {
  type: string
  name: string
}

const TYPE = /^[a-zA-Z][0-9a-zA-Z_]{0,62}$/
// No separators, control characters or symbols.
const NAME = /^[^\p{Z}\p{C}\p{S}]+$/u
const MAX_NAME = 1024

/** The id, or what is wrong with it. */
export function parseComponentId(text: string): ComponentId | { error: string } {
  const parts = split(text)
  if ('error' in parts) return parts
  if (!TYPE.test(parts.type))
    return { error: `in ${quote(text)} id: invalid character(s) in type ${quote(parts.type)}` }
  return parts
}

const SIGNALS = ['traces', 'metrics', 'logs', 'profiles']

/** A pipeline's id, `signal` or `signal/name` (collector pipeline/pipeline.go). */
export function parsePipelineId(text: string): ComponentId | { error: string } {
  const parts = split(text)
  if ('error' in parts) return parts
  const { type } = parts
  if (!SIGNALS.includes(type)) return { error: `in ${quote(text)} id: unknown pipeline signal: ${quote(type)}` }
  return parts
}

export function formatId({ type, name }: ComponentId): string {
  return name === '' ? type : `${type}/${name}`
}

function split(text: string): ComponentId | { error: string } {
  const slash = text.indexOf('/')
  const type = (slash < 0 ? text : text.slice(0, slash)).trim()
  if (type === '') {
    return { error: slash < 0 ? 'id must not be empty' : `in ${quote(text)} id: the part before / should not be empty` }
  }
  if (slash < 0) return { type, name: '' }
  const name = text.slice(slash + 1).trim()
  if (name === '') return { error: `in ${quote(text)} id: the part after / should not be empty` }
  const bytes = Buffer.byteLength(name)
  if (bytes > MAX_NAME) {
    const error = `name ${quote(name)} is longer than ${MAX_NAME} characters (${bytes} characters)`
    return { error: `in ${quote(name)} id: ${error}` }
  }
  if (!NAME.test(name)) return { error: `in ${quote(name)} id: invalid character(s) in name ${quote(name)}` }
  return { type, name }
}

/** Go's %q, near enough. */
export function quote(text: string): string {
  return JSON.stringify(text)
}
