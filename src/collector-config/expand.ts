import { readValue } from './document.ts'
import type { ConfigFiles } from './files.ts'
import { type ConfigNode, type ScalarNode, stringNode } from './node.ts'

/**
 * Expansion of `${scheme:value}` as the collector's confmap does it (confmap/expand.go): innermost first, until
 * nothing is left; `$$` is a literal `$`; what is the whole value keeps its type, what is a part becomes text.
 */
export interface ExpandOptions {
  providers: Record<string, Provider>
  /** What `${X}` without a scheme means; the distributions set `env`. Without it `${X}` stays as it is. */
  defaultScheme?: string
  report(message: string, at: number): void
}

/** Text found behind a URI, read as YAML. Throws ExpandError. */
export type Provider = (opaque: string) => { yaml: string } | { text: string }

export class ExpandError extends Error {}

/** Of one value, as in the collector; and of a whole document. */
const MAX_ROUNDS = 1000
const MAX_ALL = 20_000
const MAX_LENGTH = 1024 * 1024

/** A new tree with everything expanded; what cannot be is reported and stays as it was. */
export function expandTree(node: ConfigNode, options: ExpandOptions): ConfigNode {
  return unescapeDollars(expandNode(node, options, { rounds: 0 }))
}

interface Budget {
  rounds: number
}

function expandNode(node: ConfigNode, options: ExpandOptions, budget: Budget): ConfigNode {
  if (node.kind === 'list') {
    const items = node.items.map((item) => expandNode(item, options, budget))
    return withOriginal({ ...node, items }, options, budget)
  }
  if (node.kind === 'map') {
    const entries = new Map(
      [...node.entries].map(([key, entry]) => [key, { ...entry, value: expandNode(entry.value, options, budget) }]),
    )
    return withOriginal({ ...node, entries }, options, budget)
  }
  if (node.type !== 'string') return withOriginal(node, options, budget)
  try {
    return expandScalar(node, options, budget)
  } catch (error) {
    if (!(error instanceof ExpandError)) throw error
    options.report(error.message, node.at)
    return { kind: 'scalar', type: 'string', value: node.value, at: node.at }
  }
}

/** The original text of a typed value is expanded too, as a text; when that fails there is none. */
function withOriginal(node: ConfigNode, options: ExpandOptions, budget: Budget): ConfigNode {
  if (node.original === undefined) return node
  const { original, ...rest } = node
  try {
    const text = expandScalar(stringNode(original, node.at), options, budget)
    if (text.kind === 'scalar' && text.type === 'string') return { ...rest, original: String(text.value) }
  } catch (error) {
    if (!(error instanceof ExpandError)) throw error
  }
  return rest
}

function expandScalar(node: ScalarNode, options: ExpandOptions, budget: Budget): ConfigNode {
  let text = String(node.value)
  for (let turn = 1; ; turn++) {
    const uri = findUri(text, options.defaultScheme !== undefined)
    if (uri === '') return stringNode(text, node.at)
    if (turn > MAX_ROUNDS || ++budget.rounds > MAX_ALL) throw new ExpandError('too many recursive expansions')
    const found = retrieve(uri, options)
    const raw = 'yaml' in found ? found.yaml : found.text
    if (uri === text) {
      const value = 'yaml' in found ? readValue(raw, node.at) : undefined
      if (value === undefined || (value.kind === 'scalar' && value.type === 'string')) {
        text = raw // a string is taken as it stands, quotes and all
        continue
      }
      return expandNode({ ...value, original: raw }, options, budget)
    }
    text = text.replaceAll(uri, () => raw)
    if (text.length > MAX_LENGTH) throw new ExpandError('too many recursive expansions')
  }
}

/** The innermost `${...}` before the first `}` that has one; '' when none is left (confmap findURI). */
function findUri(input: string, anyScheme: boolean): string {
  let from = 0
  for (;;) {
    const close = input.indexOf('}', from)
    if (close < 0) return ''
    const open = input.lastIndexOf('${', close)
    const isUri = open >= from && (anyScheme || input.slice(open, close).includes(':'))
    if (!isUri) {
      from = close + 1
      continue
    }
    // An odd number of `$` before it escapes it, and with it the rest of this text.
    let dollars = 0
    while (open - 1 - dollars >= from && input[open - 1 - dollars] === '$') dollars++
    return dollars % 2 === 1 ? '' : input.slice(open, close + 1)
  }
}

const LOCATION = /^([A-Za-z][A-Za-z0-9+.-]+):(.*)$/s

function retrieve(uri: string, options: ExpandOptions): { yaml: string } | { text: string } {
  const inner = uri.slice(2, -1)
  const full = inner.includes(':') ? inner : `${options.defaultScheme}:${inner}`
  const match = LOCATION.exec(full)
  if (match === null) throw new ExpandError(`invalid uri: ${JSON.stringify(full)}`)
  const [, scheme, opaque] = match
  if (opaque!.includes('$')) {
    throw new ExpandError(`the uri ${JSON.stringify(full)} contains unsupported characters ('$')`)
  }
  const provider = options.providers[scheme!]
  if (provider === undefined) throw new ExpandError(`scheme "${scheme}" is not supported for uri "${full}"`)
  return provider(opaque!)
}

const ENV_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** `env:NAME` and `env:NAME:-default`; an unset variable without a default is empty. */
export function envProvider(env: Record<string, string | undefined>, onUnset: (name: string) => void): Provider {
  return (opaque) => {
    const cut = opaque.indexOf(':-')
    const name = cut < 0 ? opaque : opaque.slice(0, cut)
    if (!ENV_NAME.test(name)) {
      throw new ExpandError(
        `environment variable ${JSON.stringify(name)} has invalid name: must match regex ${ENV_NAME.source}`,
      )
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value !== undefined) return { yaml: value }
    if (cut < 0) onUnset(name)
    const fallback = cut < 0 ? undefined : opaque.slice(cut + 2)
    // A default that is empty is the empty string, no null.
    return fallback === '' ? { text: '' } : { yaml: fallback ?? '' }
  }
}

/** `file:PATH`: what the file holds, as YAML. */
export function fileProvider(files: ConfigFiles): Provider {
  return (path) => {
    try {
      return { yaml: files.read(path) }
    } catch (error) {
      throw new ExpandError(`unable to read the file file:${path}: ${(error as Error).message}`)
    }
  }
}

/** `yaml:...`: the rest of the URI is the value. */
export const yamlProvider: Provider = (opaque) => ({ yaml: opaque })

/** `$$` -> `$`, once all else is done. Keys are left alone, as the collector does. */
function unescapeDollars(node: ConfigNode): ConfigNode {
  const original = node.original === undefined ? {} : { original: node.original.replaceAll('$$', () => '$') }
  if (node.kind === 'list') return { ...node, ...original, items: node.items.map(unescapeDollars) }
  if (node.kind === 'map') {
    const entries = [...node.entries].map(([k, e]) => [k, { ...e, value: unescapeDollars(e.value) }] as const)
    return { ...node, ...original, entries: new Map(entries) }
  }
  if (node.type !== 'string') return { ...node, ...original }
  return { ...node, ...original, value: String(node.value).replaceAll('$$', () => '$') }
}
