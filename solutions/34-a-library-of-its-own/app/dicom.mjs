// A library that reads scans, and tells of it to whoever listens.
import { setTimeout as sleep } from 'node:timers/promises'
import { SpanStatusCode, trace } from '@opentelemetry/api'

export const VERSION = '${version}'

const tracer = trace.getTracer('dicom', VERSION)

/** Reads a scan and gives how many slices it has. */
export function readScan(subject) {
  return tracer.startActiveSpan('read_scan', { attributes: { 'scan.subject': subject } }, async (span) => {
    try {
      await sleep(5)
      if (subject === '') throw new Error('a scan has no subject')
      return 180
    } catch (error) {
      span.recordException(error)
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
      throw error
    } finally {
      span.end()
    }
  })
}
