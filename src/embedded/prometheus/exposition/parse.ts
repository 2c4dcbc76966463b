import type { ExpositionSink } from './entries.ts'
import { ExpositionError } from './entries.ts'
import { parseOpenMetricsText } from './openmetrics-text.ts'
import { parsePrometheusText } from './prometheus-text.ts'

const OPENMETRICS = 'application/openmetrics-text'
const KNOWN = new Set([OPENMETRICS, 'text/plain'])

/**
 * Reads a scraped page by its Content-Type, which must be one of the two text formats: Prometheus 3 refuses
 * others rather than guess. Throws ExpositionError.
 */
export function parseExposition(body: Uint8Array, contentType: string, sink: ExpositionSink): void {
  const media = contentType.split(';', 1)[0]!.trim().toLowerCase()
  if (media === '') {
    throw new ExpositionError(
      'non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target',
    )
  }
  if (!KNOWN.has(media)) {
    throw new ExpositionError(
      `received unsupported Content-Type "${contentType}" and no fallback_scrape_protocol specified for target`,
    )
  }
  const { text, damaged } = decode(body)
  if (media === OPENMETRICS) parseOpenMetricsText(text, damaged, sink)
  else parsePrometheusText(text, damaged, sink)
}

export function decode(body: Uint8Array): { text: string; damaged: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body), damaged: false }
  } catch {
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(body), damaged: true }
  }
}
