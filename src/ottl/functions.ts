import { table } from '../util/table.ts'
import type { FunctionTable } from './function.ts'
import { COLLECTIONS } from './functions/collections.ts'
import { CONVERSIONS } from './functions/conversions.ts'
import { HASHES } from './functions/hashes.ts'
import { PARSING } from './functions/parsing.ts'
import { SUBJECTS } from './functions/subjects.ts'
import { TEXTS } from './functions/texts.ts'
import { TIMES } from './functions/times.ts'

/** The functions that a condition may call (contrib pkg/ottl/ottlfuncs). */
export const FUNCTIONS: FunctionTable = table({
  ...TEXTS,
  ...CONVERSIONS,
  ...COLLECTIONS,
  ...HASHES,
  ...TIMES,
  ...SUBJECTS,
  ...PARSING,
})
