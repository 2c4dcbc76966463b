import type { Diagnostic } from '../../collector-config.ts'
import { fail, type Outcome } from '../verdict.ts'

/** A config file that the collector would not take, in its own words; what newer collectors have dropped is told as such. */
export function refusedConfig(fault: Diagnostic, shown: string, more: Partial<Outcome>): Outcome {
  const gone = /"(logging)"/.test(fault.message) || fault.hint?.includes('debug exporter') === true
  const at = fault.line === undefined ? shown : `${shown}:${fault.line}`
  return fail(gone ? 'logging' : 'config-invalid', `${at}: ${fault.message.trim()}`, {
    next: gone
      ? 'logging was replaced by debug, and loglevel: debug by verbosity: detailed. Lift the file: otel-lab config migrate'
      : `${fault.hint ?? 'Mend that line'}, then: otel-lab config validate`,
    ...(gone ? { why: 'Old tutorials name an exporter that newer collectors no longer have (gone since 0.111)' } : {}),
    ...more,
  })
}
