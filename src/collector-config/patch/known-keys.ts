import { LabError } from '../../errors.ts'
import { nearest } from '../../util/nearest.ts'
import { SECTIONS } from '../component.ts'
import { formatPath } from './path.ts'

const PIPELINE_KEYS = ['receivers', 'processors', 'exporters']

/** The lists of a collector config that may not be there yet. */
export function isListPath(path: readonly string[]): boolean {
  if (path[0] !== 'service') return false
  return (path.length === 4 && path[1] === 'pipelines') || (path.length === 2 && path[1] === 'extensions')
}

/** Keys that every config has are checked before one is made by a slip. Components' keys are for `validate`. */
export function checkKeys(path: readonly string[]): void {
  const places: [number, readonly string[]][] = [[0, [...Object.values(SECTIONS), 'service']]]
  if (path[0] === 'service') places.push([1, ['extensions', 'pipelines', 'telemetry']])
  if (path[0] === 'service' && path[1] === 'pipelines') places.push([3, PIPELINE_KEYS])
  for (const [i, known] of places) {
    const key = path[i]
    if (key === undefined || known.includes(key)) continue
    const near = nearest(key, known)
    throw new LabError('no-such-path', `a collector config has no ${formatPath(path.slice(0, i + 1))}`, {
      hint: near === undefined ? `there are: ${known.join(', ')}` : `did you mean ${near}?`,
      exit: 1,
    })
  }
}
