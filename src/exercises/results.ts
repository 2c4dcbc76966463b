import type { Report } from './check.ts'
import type { CheckResult, VerdictKind } from './verdict.ts'

/**
 * A report in the shape of Exercism's results.json, version 3 (exercism.org/docs/building/tooling/test-runners/interface),
 * so that what reads those reads ours. Slow and broken are `error`: nothing was found wrong with the work.
 */
export interface ResultsV3 {
  version: 3
  status: 'pass' | 'fail' | 'error'
  /** With `error`: why. */
  message?: string
  tests: {
    name: string
    status: 'pass' | 'fail' | 'error'
    message?: string
    /** What asks the same by hand. */
    test_code?: string
  }[]
}

const STATUS: Record<VerdictKind, ResultsV3['status']> = {
  passed: 'pass',
  failed: 'fail',
  slow: 'error',
  broken: 'error',
}

export function resultsOf({ verdict, results }: Report): ResultsV3 {
  const status = STATUS[verdict]
  const first = results.find((one) => one.verdict === verdict)
  return {
    version: 3,
    status,
    ...(status === 'error' && first ? { message: first.seen } : {}),
    tests: results.map((result) => ({
      name: result.title,
      status: STATUS[result.verdict],
      ...(result.verdict === 'passed' ? {} : { message: messageOf(result) }),
      ...(result.query ? { test_code: result.query } : {}),
    })),
  }
}

function messageOf({ expected, seen, why, next, stale }: CheckResult): string {
  const lines = [`expected: ${expected}`, `seen: ${seen}`, ...(stale ? [`not counted: ${stale}`] : []), `why: ${why}`]
  return [...lines, ...(next ? [`next: ${next}`] : [])].join('\n')
}
