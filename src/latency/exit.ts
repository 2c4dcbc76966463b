import { EXIT, type ExitCode } from '../errors.ts'
import type { Measurement } from './measurement.ts'

/** What is lost for good is wrong, or the lab is broken; what may still come is slow. */
export function exitOf({ complete, died }: Pick<Measurement, 'complete' | 'died'>): ExitCode {
  if (complete) return EXIT.ok
  const broken = died.flatMap((one) => (one.broken ? [one.broken] : []))
  if (broken.length === 0 || broken.some(({ mayPass }) => mayPass)) return EXIT.slow
  return broken.some(({ blame }) => blame === 'lab') ? EXIT.broken : EXIT.failed
}
