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
      fault.hop,
      [...new Set(fault.signals.map((signal) => row.asked.hops[signal]))].join(' '),
      row.asked.unsaid.join('; '),
      row.blind ? [...new Set(fault.signals.map((signal) => row.blind!.hops[signal]))].join(' ') : '',
      row.doctor === undefined
        ? 'not its part'
        : row.doctor.healthy
          ? 'nothing is wrong'
          : `found${row.doctor.unsaid.length > 0 ? ', in other words' : ''}`,
      row.afterMend.length === 0 ? 'yes' : `not ${row.afterMend.join(' ')}`,
    ])
  return renderTable(
    ['FAULT', 'SHOULD BREAK', 'BROKE', 'HOP', 'SAID', 'NOT SAID', 'BLIND', 'DOCTOR', 'MEND PASSES'],
    lines,
  )
}
