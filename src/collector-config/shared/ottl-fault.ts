import { type Context, compileCondition, OttlError, withContext } from '../../ottl.ts'

/** What OTTL says against it; undefined when it says nothing. */
export function ottlFault(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof OttlError) return error.message
    throw error
  }
}

/** What is wrong with the first of these conditions that cannot be compiled. */
export const conditionFault = (conditions: readonly string[], context: Context): string | undefined =>
  ottlFault(() => {
    for (const text of conditions) compileCondition(withContext(text, context), { context, named: true })
  })
