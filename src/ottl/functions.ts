import { table } from '../util/table.ts'
import type { OttlFunction, OwnFunctions } from './function.ts'
import { COLLECTIONS } from './functions/collections.ts'
import { CONVERSIONS } from './functions/conversions.ts'
import { MAP_EDITORS } from './functions/editors/maps.ts'
import { REPLACE_EDITORS } from './functions/editors/replace.ts'
import { ELSEWHERE, GATED, OF_LOGS } from './functions/elsewhere.ts'
import { HASHES } from './functions/hashes.ts'
import { NETWORK } from './functions/network.ts'
import { PARSING } from './functions/parsing.ts'
import { ABOUT_METRICS, ABOUT_SPANS } from './functions/subjects.ts'
import { TEXTS } from './functions/texts.ts'
import { TIMES } from './functions/times.ts'

type Known = Record<string, OttlFunction>

const byName = (functions: readonly OttlFunction[]): Known =>
  table(Object.fromEntries(functions.map((fn) => [fn.name, fn])))

/** The functions that every context has (contrib pkg/ottl/ottlfuncs). */
const STANDARD = byName([
  ...TEXTS,
  ...CONVERSIONS,
  ...COLLECTIONS,
  ...HASHES,
  ...TIMES,
  ...PARSING,
  ...NETWORK,
  ...MAP_EDITORS,
  ...REPLACE_EDITORS,
  ...GATED,
  ...ELSEWHERE,
])

/** Those that one context alone has. */
const OF_CONTEXT: Record<string, Known> = table({ span: byName(ABOUT_SPANS) })
/** What filters know, and who else has no functions of its own. */
const OF_FILTERS: Record<string, Known> = table({ metric: byName(ABOUT_METRICS) })

/** Undefined where the context does not know the function. */
export function functionOf(name: string, context: string, own?: OwnFunctions): OttlFunction | undefined {
  const special = own === undefined ? OF_FILTERS[context]?.[name] : own(name, context)
  if (special === null) return undefined
  return special ?? OF_CONTEXT[context]?.[name] ?? STANDARD[name]
}

const NOT_RUN = new Set([...ELSEWHERE, ...OF_LOGS].map(({ name }) => name))

/** Whether the real collector runs it and the lab's does not. */
export const isNotRun = (name: string): boolean => NOT_RUN.has(name)
