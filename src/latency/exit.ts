import { EXIT, type ExitCode } from '../errors.ts'
import type { Measurement } from './measurement.ts'

/** What is lost for good is wrong, or the lab is broken; what may still come is slow. */
export function exitOf({ complete, died }: Pick<Measurement, 'complete' | 'died'>): ExitCode {
  if (complete) return EXIT.ok
  const broken = died.flatMap((one) => (one.broken ? [one.broken] : []))
  if (broken.some(({ blame }) => blame === 'lab')) return EXIT.broken
  return broken.length === 0 || broken.some(({ mayPass }) => mayPass) ? EXIT.slow : EXIT.failed
}
