import { OttlError, type Value } from './ast.ts'
import { ENUMS } from './enums.ts'
import type { OwnFunctions } from './function.ts'
import { functionOf, isNotRun } from './functions.ts'
import { parseCondition, parseStatement } from './parse.ts'
import { type Context, VISIBLE } from './scene.ts'

/** pkg/ottl's defaultContextInferPriority, for the contexts that are here: the narrowest first. */
const PRIORITY = ['log', 'datapoint', 'metric', 'spanevent', 'span', 'scope', 'instrumentation_scope', 'resource']

/** What the paths of several conditions and statements name, and what else they ask of a context. */
interface Hints {
  paths: Set<string>
  functions: Set<string>
  enums: Set<string>
}

/**
 * The context that a condition's paths name (context_inferrer.go). Throws OttlError where they name none of `known`,
 * or one that lacks a function or an enum of the condition.
 */
export function inferContext(text: string, known: readonly Context[]): Context {
  const inferred = infer(hintsOf([parseCondition(text)]), known)
  if (inferred === undefined) {
    throw new OttlError(
      `unable to infer context from conditions, path's first segment must be a valid context name: ${listed(known)}, and at least one context must be capable of parsing all conditions: ${listed([text])}`,
    )
  }
  if (known.includes(inferred as Context)) return inferred as Context
  throw new OttlError(
    `context "${inferred}" inferred from the conditions ${listed([text])} is not a supported context: ${listed(known)}`,
  )
}

/** The same for statements that belong together, and the conditions before them. */
export function inferStatementsContext(
  statements: readonly string[],
  conditions: readonly string[],
  known: readonly Context[],
  own?: OwnFunctions,
): Context {
  const both = `statements ${listed(statements)} and conditions ${listed(conditions)}`
  let inferred: string | undefined
  try {
    inferred = infer(hintsOf([...statements.map(parseStatement), ...conditions.map(parseCondition)]), known, own)
  } catch (error) {
    if (!(error instanceof OttlError)) throw error
    throw new OttlError(`unable to infer a valid context (${listed(known)}) from ${both}: ${error.message}`)
  }
  if (inferred === undefined) {
    throw new OttlError(
      `unable to infer context from statements ${listed(known)} and conditions ${listed(statements)}, path's first segment must be a valid context name ${listed(conditions)}, and at least one context must be capable of parsing all statements`,
    )
  }
  if (known.includes(inferred as Context)) return inferred as Context
  throw new OttlError(`context "${inferred}" inferred from the ${both} is not a supported context: ${listed(known)}`)
}

const listed = (items: readonly string[]) => `[${items.map((item) => JSON.stringify(item)).join(' ')}]`

/** Undefined where no path names a context; else the one named, whether it is known or not. */
function infer({ paths, functions, enums }: Hints, known: readonly Context[], own?: OwnFunctions): string | undefined {
  const rank = (name: string) => (PRIORITY.includes(name) ? PRIORITY.indexOf(name) : Number.MAX_SAFE_INTEGER)
  const [inferred] = [...paths].filter(Boolean).sort((a, b) => rank(a) - rank(b))
  if (inferred === undefined) return undefined
  const lacks = (context: string): string | undefined => {
    if (functions.size === 0 && enums.size === 0) return undefined
    if (!known.includes(context as Context)) return `inferred context "${context}" is not a valid candidate`
    for (const name of functions) {
      if (functionOf(name, context, own) === undefined) {
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
  const fault = lacks(inferred)
  if (fault === undefined) return inferred
  const lower = known
    .filter((one) => one !== inferred && (VISIBLE[one] as readonly string[]).includes(inferred))
    .sort((a, b) => rank(a) - rank(b))
    .find((one) => lacks(one) === undefined)
  if (lower === undefined) throw new OttlError(fault)
  return lower
}

/** The condition or statement with `context` written in front of each path that names none (prependContextToPaths). */
export function withContext(text: string, context: Context, what: 'condition' | 'statement' = 'condition'): string {
  const known = new Set<string>([...VISIBLE[context], 'instrumentation_scope', 'otelcol'])
  const offsets: number[] = []
  visit(what === 'condition' ? parseCondition(text) : parseStatement(text), (value) => {
    if (value.kind !== 'path') return
    const [first] = value.fields
    const named = value.fields.length > 1 && first!.keys.length === 0 && known.has(first!.name)
    if (!named) offsets.push(value.at)
  })
  return offsets.sort((a, b) => b - a).reduce((whole, at) => `${whole.slice(0, at)}${context}.${whole.slice(at)}`, text)
}

/** The functions that the real collector runs and the lab's does not. */
export function unsupportedFunctions(text: string, what: 'condition' | 'statement' = 'condition'): string[] {
  const { functions } = hintsOf([what === 'condition' ? parseCondition(text) : parseStatement(text)])
  return [...functions].filter(isNotRun)
}

function hintsOf(parsed: readonly unknown[]): Hints {
  const [paths, functions, enums] = [new Set<string>(), new Set<string>(), new Set<string>()]
  visit(parsed, (value) => {
    if (value.kind === 'path') {
      const [first] = value.fields
      paths.add(value.fields.length > 1 && first!.keys.length === 0 ? first!.name : '')
    }
    if (value.kind === 'call') functions.add(value.name)
    if (value.kind === 'enum') enums.add(value.name)
  })
  return { paths, functions, enums }
}

function visit(node: unknown, look: (value: Value) => void): void {
  if (node === null || typeof node !== 'object') return
  look(node as Value)
  for (const inner of Object.values(node)) visit(inner, look)
}
