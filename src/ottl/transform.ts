import { table } from '../util/table.ts'
import type { OttlFunction, OwnFunctions } from './function.ts'
import { OF_LOGS } from './functions/elsewhere.ts'
import { AGGREGATE } from './transform/aggregate.ts'
import { BUCKETS, EXPLICIT } from './transform/buckets.ts'
import { EXTRACT } from './transform/extract.ts'
import { KINDS } from './transform/kinds.ts'
import { SPAN_NAMES } from './transform/span-name.ts'
import { OF_SUMMARIES, QUANTILES } from './transform/summary.ts'

const byName = (functions: readonly OttlFunction[]) => table(Object.fromEntries(functions.map((fn) => [fn.name, fn])))

/** By context. */
const FUNCTIONS: Record<string, Record<string, OttlFunction>> = table({
  span: byName(SPAN_NAMES),
  metric: byName([...KINDS, ...EXTRACT, ...AGGREGATE, ...EXPLICIT, ...QUANTILES]),
  datapoint: byName([...OF_SUMMARIES, ...BUCKETS]),
  log: byName(OF_LOGS),
})

/** What the transform processor has besides the functions that all have. */
export const transformFunctions: OwnFunctions = (name, context) => FUNCTIONS[context]?.[name]
