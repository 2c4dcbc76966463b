import { readDocument } from './document.ts'
import { exporterRules } from './migrate/exporters.ts'
import type { Finding } from './migrate/finding.ts'
import { serviceRules } from './migrate/service.ts'
import { spanMetricsRules } from './migrate/span-metrics.ts'
import { bareVariables } from './migrate/variables.ts'
import type { MapNode } from './node.ts'
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
  // Values first, and the others by the text that has them: what moves a value then moves the new one. No line moves.
  const values = lift(text, (root) => bareVariables(root, []))
  const names = lift(values.text, (root) => [...spanMetricsRules(root), ...exporterRules(root), ...serviceRules(root)])
  const changes = [...values.changes, ...names.changes]
  return { text: names.text, changes: changes.toSorted((a, b) => a.line - b.line) }
}

function lift(text: string, rules: (root: MapNode) => Finding[]): Migration {
  const { root, place } = readDocument(text)
  if (root?.kind !== 'map') return { text, changes: [] }
  const findings = rules(root)
  return {
    text: findings.reduce((current, { apply }) => apply(current), text),
    changes: findings.map(({ at, what, why, since }) => ({ line: place(at).line, what, why, since })),
  }
}
