import { readDocument } from './document.ts'
import { exporterRules } from './migrate/exporters.ts'
import type { Finding } from './migrate/finding.ts'
import { serviceRules } from './migrate/service.ts'
import { spanMetricsRules } from './migrate/span-metrics.ts'
import { bareVariables } from './migrate/variables.ts'
import { readTree } from './patch/tree.ts'

export interface Change {
  /** In the old text, from 1. */
  line: number
  what: string
  why: string
  /** The collector's version that made it needful, such as `0.111.0`. */
  since: string
}

export interface Migration {
  text: string
  /** Empty when there was nothing to do. */
  changes: Change[]
}

/**
 * Lifts a config for an older collector to today's: names that are gone or renamed, keys that moved. Comments, order
 * and style stay. Done twice it changes nothing more. Throws LabError `config-syntax` when the text is no YAML.
 */
export function migrateConfig(text: string): Migration {
  readTree(text)
  const { root, place } = readDocument(text)
  if (root?.kind !== 'map') return { text, changes: [] }
  const findings: Finding[] = [
    // Values first: the other rules change the paths that lead to them.
    ...bareVariables(root, []),
    ...spanMetricsRules(root),
    ...exporterRules(root),
    ...serviceRules(root),
  ]
  const migrated = findings.reduce((current, { apply }) => apply(current), text)
  const changes = findings.map(({ at, what, why, since }) => ({ line: place(at).line, what, why, since }))
  return { text: migrated, changes: changes.toSorted((a, b) => a.line - b.line) }
}
