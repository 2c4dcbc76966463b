import type { CourseReport, Verified } from '../../exercises.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { renderTable } from '../../ui/table.ts'

export function renderReport({ exercises }: CourseReport, p: Paint = paint()): string {
  const rows = exercises.map(({ number, title, state, applied, distrust, checks, evidence }) => [
    String(number),
    title,
    distrust
      ? p.red(`does not count: ${distrust}`)
      : state === 'passed'
        ? p.green(applied ? '✓ by its solution' : '✓ passed')
        : state === 'tried'
          ? p.yellow('✗ tried')
          : p.dim('not tried'),
    String(checks),
    String(evidence.length),
  ])
  return renderTable(
    ['', 'EXERCISE', 'STATE', { title: 'CHECKS', align: 'right' }, { title: 'EVIDENCE', align: 'right' }],
    rows,
    { paint: p },
  )
}

export function renderVerified(all: readonly Verified[], asked: boolean, p: Paint = paint()): string {
  if (all.length === 0) return 'There is no pass in it to verify.'
  const rows = all.map(({ number, title, state, why, same, gone }) => {
    const traces = !asked
      ? p.dim('not asked')
      : [...(same > 0 ? [`${same} the same`] : []), ...(gone > 0 ? [`${gone} not kept any more`] : [])].join(', ')
    return [
      String(number),
      title,
      state === 'signed' ? p.green('✓ as signed') : p.red(`✗ ${why ?? state}`),
      traces || p.dim('none'),
    ]
  })
  return renderTable(['', 'EXERCISE', 'SIGNATURE', 'TRACES'], rows, { paint: p })
}
