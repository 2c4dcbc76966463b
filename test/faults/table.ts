import type { Fault } from '../../src/faults.ts'
import { renderTable } from '../../src/ui/table.ts'
import type { Replayed } from './replay.ts'

export function tableOf(faults: readonly Fault[], rows: readonly Replayed[]): string {
  const lines = rows
    .map((row) => ({ row, fault: faults.find(({ name }) => name === row.fault)! }))
    .sort((a, b) => a.row.fault.localeCompare(b.row.fault))
    .map(({ row, fault }) => [
      row.fault,
      fault.signals.join(' '),
      row.broken.join(' '),
      row.afterMend.length === 0 ? 'yes' : `not ${row.afterMend.join(' ')}`,
    ])
  return renderTable(['FAULT', 'SHOULD BREAK', 'BROKE', 'MEND PASSES'], lines)
}
