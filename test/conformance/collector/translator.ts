import { type LabelNaming, labelName } from '../../../src/embedded/collector/exporters/prometheus/label-name.ts'
import {
  metricName,
  type NamedType,
  unitName,
} from '../../../src/embedded/collector/exporters/prometheus/metric-name.ts'
import { same } from '../shared/same.ts'
import type { Verdict } from '../shared/tally.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Json = any

const TYPES: Record<string, NamedType> = { MetricTypeGauge: 'gauge', MetricTypeMonotonicCounter: 'monotonic' }

export function translatorCases(suite: Json): Verdict[] {
  return [...suite.metrics.flatMap(metricCases), ...suite.labels.flatMap(labelCases)]
}

/** The name, or the refusal's message in its place. */
function outcome(work: () => string): string | { error: string } {
  try {
    return work()
  } catch (error) {
    return { error: (error as Error).message }
  }
}

function metricCases({ name, namer, metric, want, wantUnit, err }: Json): Verdict[] {
  const strategy: string = namer.$call ? namer.args[1].$id : ''
  const naming = namer.$call
    ? {
        namespace: namer.args[0],
        withSuffixes: strategy.endsWith('WithSuffixes'),
        utf8Allowed: !strategy.startsWith('Underscore'),
      }
    : {
        namespace: namer.Namespace ?? '',
        withSuffixes: namer.WithMetricSuffixes ?? false,
        utf8Allowed: namer.UTF8Allowed ?? false,
      }
  const type = TYPES[metric.Type?.$id] ?? 'other'
  const got = outcome(() => metricName(naming, metric.Name, metric.Unit ?? '', type))
  const cases: Verdict[] = [same(name, got, err ? { error: err } : want)]
  if (wantUnit !== undefined)
    cases.push(same(`${name}, unit`, unitName(metric.Unit ?? '', naming.utf8Allowed), wantUnit))
  return cases
}

function labelCases(c: Json): Verdict[] {
  const run = (what: string, naming: Omit<LabelNaming, 'utf8Allowed'>, want: string, error?: string) =>
    same(
      `${c.label} ${what}`,
      outcome(() => labelName({ utf8Allowed: false, ...naming }, c.label)),
      error ? { error } : want,
    )
  const pick = (...keys: string[]) => keys.map((key) => c[key]).find((value) => value !== undefined)
  const error = c.wantSanitizationError
  const cases = [
    run('', { preserveMultipleUnderscores: false }, c.sanitized, error),
    run(
      'preserved',
      { preserveMultipleUnderscores: true },
      pick('sanitizedMultipleUnderscores', 'sanitized'),
      pick('wantSanitizationMultipleUnderscoresError', 'wantSanitizationError'),
    ),
    same(
      `${c.label} as it is`,
      outcome(() => labelName({ utf8Allowed: true, preserveMultipleUnderscores: false }, c.label)),
      c.wantUTF8Error ? { error: c.wantUTF8Error } : c.label,
    ),
  ]
  // The tests try this only on labels that something is left of.
  if (error !== undefined) return cases
  const key = { underscoreLabelSanitization: true }
  const keyed = pick('sanitizedUnderscoreLabelSanitization', 'sanitized')
  const both = pick(
    'sanitizedMultipleUnderscoresAndUnderscoreLabelSanitization',
    'sanitizedUnderscoreLabelSanitization',
    'sanitizedMultipleUnderscores',
    'sanitized',
  )
  return [
    ...cases,
    run('with key', { preserveMultipleUnderscores: false, ...key }, keyed),
    run('with both', { preserveMultipleUnderscores: true, ...key }, both),
  ]
}
