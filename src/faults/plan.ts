import { applyEdits, type Edit } from '../collector-config.ts'
import type { Fault } from './catalog.ts'
import type { FaultEdit, FaultService } from './schema.ts'

/** Words in angle brackets that only the running lab can fill in. */
export type Places = Partial<Record<'otlp-grpc' | 'otlp-http' | 'otlp-https' | 'nobody' | 'relay' | 'run', string>>

export function fillIn(text: string, places: Places): string {
  return text.replace(
    /<(otlp-grpc|otlp-https?|nobody|relay|run)>/g,
    (whole, name: keyof Places) => places[name] ?? whole,
  )
}

export function fillInAll(texts: Readonly<Record<string, string>>, places: Places): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, fillIn(text, places)]))
}

const CONFIGURED: readonly string[] = ['otel-collector', 'tempo', 'prometheus', 'loki']

/** Edits by the component whose config they change. */
export function editsByService(fault: Fault, edits: readonly FaultEdit[] = []): Map<FaultService, FaultEdit[]> {
  const home = (CONFIGURED.includes(fault.where) ? fault.where : 'otel-collector') as FaultService
  const grouped = new Map<FaultService, FaultEdit[]>()
  for (const edit of edits) {
    const service = edit.in ?? home
    grouped.set(service, [...(grouped.get(service) ?? []), edit])
  }
  return grouped
}

/** Throws LabError where a config has not the place that an edit names. */
export function edited(text: string, edits: readonly FaultEdit[], places: Places): string {
  const list = edits.map(({ op, path, value }) => ({
    op,
    path,
    ...(value === undefined ? {} : { value: fillIn(value, places) }),
  })) as Edit[]
  return applyEdits(text, list, { keys: 'any' })
}
