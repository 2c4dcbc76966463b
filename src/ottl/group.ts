import { OttlError } from './ast.ts'
import { type Apply, type Condition, compileCondition, compileStatement } from './compile.ts'
import type { OwnFunctions } from './function.ts'
import { inferStatementsContext, withContext } from './infer.ts'
import type { Context } from './scene.ts'

/** Statements that belong together, as a config has them. */
export interface StatementGroup {
  /** '' where it is to be inferred from the paths. */
  context: string
  conditions: readonly string[]
  statements: readonly string[]
}

export interface CompiledGroup {
  context: Context
  /** One of them must hold, where there are any. */
  conditions: { text: string; holds: Condition }[]
  statements: { text: string; apply: Apply }[]
}

/** What is wrong with a group, and the key that it is about, from the group down. */
export interface GroupFault {
  message: string
  key: string[]
}

/** Compiles a group for the contexts that a signal has: the group, or all that is wrong with it. */
export function compileGroup(
  { context: given, conditions, statements }: StatementGroup,
  known: readonly Context[],
  own: OwnFunctions = () => undefined,
): CompiledGroup | { faults: GroupFault[] } {
  const shown = `[${statements.join(' ')}]`
  if (given !== '' && !known.includes(given as Context)) {
    return { faults: [{ message: `unknown context "${given}" for statements: ${shown}`, key: [] }] }
  }
  const faults: GroupFault[] = []
  const attempt = <T>(key: string[], work: () => T): T | undefined => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof OttlError)) throw error
      faults.push({ message: error.message, key })
      return undefined
    }
  }
  const context = attempt([], () =>
    given === '' ? inferStatementsContext(statements, conditions, known, own) : (given as Context),
  )
  if (context === undefined) return { faults }
  // Where the context is written, paths may leave it out; the first that cannot be read ends the reading.
  const prepended = statements.map((text, i) => {
    if (given === '' || faults.length > 0) return text
    return attempt(['statements', String(i)], () => withContext(text, context, 'statement')) ?? text
  })
  if (faults.length > 0) return { faults }
  const compiled = prepended.map((text, i) =>
    attempt(['statements', String(i)], () => ({
      text,
      apply: compileStatement(text, { context, named: true, own }),
    })),
  )
  if (faults.length > 0) return { faults }
  const held = conditions.map((text, i) =>
    attempt(['conditions', String(i)], () => ({
      text,
      holds: compileCondition(text, { context, named: given === '', own }),
    })),
  )
  if (faults.length > 0) return { faults }
  return { context, statements: compiled.map((one) => one!), conditions: held.map((one) => one!) }
}
