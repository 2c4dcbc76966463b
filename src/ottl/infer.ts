import { OttlError, type Value } from './ast.ts'
import { ENUMS } from './enums.ts'
import { parseCondition } from './parse.ts'
import { type Context, VISIBLE } from './paths.ts'
import { signatureOf } from './signatures.ts'

/** pkg/ottl's defaultContextInferPriority, for the contexts that are here: the narrowest first. */
const PRIORITY = ['log', 'datapoint', 'metric', 'spanevent', 'span', 'scope', 'instrumentation_scope', 'resource']

/**
 * The context that a condition's paths name (context_inferrer.go). Throws OttlError where they name none of `known`,
 * or one that lacks a function or an enum of the condition.
 */
export function inferContext(text: string, known: readonly Context[]): Context {
  const { paths, functions, enums } = hintsOf(text)
  const listed = (items: readonly string[]) => `[${items.map((item) => JSON.stringify(item)).join(' ')}]`
  const rank = (name: string) => (PRIORITY.includes(name) ? PRIORITY.indexOf(name) : Number.MAX_SAFE_INTEGER)
  const [inferred] = [...paths].filter(Boolean).sort((a, b) => rank(a) - rank(b))
  if (inferred === undefined) {
    throw new OttlError(
      `unable to infer context from conditions, path's first segment must be a valid context name: ${listed(known)}, and at least one context must be capable of parsing all conditions: ${listed([text])}`,
    )
  }
  const lacks = (context: string): string | undefined => {
    if (functions.size === 0 && enums.size === 0) return undefined
    if (!known.includes(context as Context)) return `inferred context "${context}" is not a valid candidate`
    for (const name of functions) {
      if (signatureOf(name, context) === undefined) {
        return `inferred context "${context}" does not support the function "${name}"`
      }
    }
    for (const name of enums) {
      if (ENUMS[context]?.[name] === undefined) {
        return `inferred context "${context}" does not support the enum symbol "${name}"`
      }
    }
    return undefined
  }
  let context = inferred
  const fault = lacks(inferred)
  if (fault !== undefined) {
    const lower = known
      .filter((one) => one !== inferred && (VISIBLE[one] as readonly string[]).includes(inferred))
      .sort((a, b) => rank(a) - rank(b))
      .find((one) => lacks(one) === undefined)
    if (lower === undefined) throw new OttlError(fault)
    context = lower
  }
  if (known.includes(context as Context)) return context as Context
  throw new OttlError(
    `context "${context}" inferred from the conditions ${listed([text])} is not a supported context: ${listed(known)}`,
  )
}

/** The condition with `context` written in front of each path that names none (prependContextToPaths). */
export function withContext(text: string, context: Context): string {
  const known = new Set<string>([...VISIBLE[context], 'instrumentation_scope', 'otelcol'])
  const offsets: number[] = []
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return
    const value = node as Value
    if (value.kind === 'path') {
      const [first] = value.fields
      const named = value.fields.length > 1 && first!.keys.length === 0 && known.has(first!.name)
      if (!named) offsets.push(value.at)
    }
    for (const inner of Object.values(node)) visit(inner)
  }
  visit(parseCondition(text))
  return offsets.sort((a, b) => b - a).reduce((whole, at) => `${whole.slice(0, at)}${context}.${whole.slice(at)}`, text)
}

function hintsOf(text: string) {
  const [paths, functions, enums] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return
    const value = node as Value
    if (value.kind === 'path') {
      const [first] = value.fields
      paths.add(value.fields.length > 1 && first!.keys.length === 0 ? first!.name : '')
    }
    if (value.kind === 'call') functions.add(value.name)
    if (value.kind === 'enum') enums.add(value.name)
    for (const inner of Object.values(node)) visit(inner)
  }
  visit(parseCondition(text))
  return { paths, functions, enums }
}
