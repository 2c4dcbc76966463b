import type { Counter, Histogram, Meter } from '@opentelemetry/api'
import type { ExemplarReservoir } from './exemplars.ts'

export interface Measures {
  /** neuro_files_processed_total{status}: every file that came to an end. */
  processed: Pick<Counter, 'add'>
  /** neuro_files_failed_total */
  failed: Pick<Counter, 'add'>
  /** neuro_process_duration_seconds */
  duration: Pick<Histogram, 'record'>
}

/** From a scan of 64 voxels a side on a fast machine to the largest that is taken on a slow one. */
const BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]

/** Names and units are such that Prometheus calls them as the lesson does: dots to underscores, unit and _total added. */
export function createMeasures(meter: Meter, exemplars: ExemplarReservoir): Measures {
  const counter = (name: string, description: string) =>
    exemplars.counter(name, meter.createCounter(name, { description, unit: '{file}' }))
  const processed = counter('neuro.files.processed', 'Files that were processed, by how it ended')
  const failed = counter('neuro.files.failed', 'Files that could not be processed')
  const name = 'neuro.process.duration'
  const duration = meter.createHistogram(name, {
    description: 'Time from opening a file until its output is written',
    unit: 's',
    advice: { explicitBucketBoundaries: BOUNDS },
  })
  // A counter that is there from the start: rate() sees nothing of one whose first sample is already 1.
  processed.add(0, { status: 'success' })
  processed.add(0, { status: 'failed' })
  failed.add(0)
  return { processed, failed, duration: exemplars.histogram(name, duration, BOUNDS) }
}
