import type { Language, Row } from '../exercises/query.ts'

/** The learner's run that questions are made of. Whoever opens the lab hands it in. */
export interface ObservedRun {
  id: string
  /** Earlier ones, the newest first: a query must be right for them too. */
  others: readonly string[]
  /** As it was when that run, or this one, had just come in. Throws QueryError for a query that the backend refuses. */
  ask(language: Language, query: string, runId?: string): Promise<Row[]>
}
