import type { Fault } from '../../faults.ts'
import { HOPS } from '../../faults.ts'
import type { Incident, Score } from '../../incidents.ts'
import { renderTable } from '../../ui/table.ts'

/** Causes with the letters by which an answer names them. */
export function renderChoices(incident: Incident, all: readonly Fault[]): string {
  const title = (name: string) => all.find((fault) => fault.name === name)?.title ?? name
  return [
    'Causes to choose from:',
    ...incident.choices.map((name, i) => `  ${String.fromCharCode(97 + i)}  ${title(name)}`),
    `Hops: ${HOPS.join(', ')}`,
  ].join('\n')
}

export function renderScore({ total, parts }: Score): string {
  const rows = parts.map(({ title, points, of, why }) => [title, of === 0 ? `${points}` : `${points} of ${of}`, why])
  return `${renderTable(['', { title: 'POINTS', align: 'right' }, ''], rows)}\n\n${total} of 100`
}

/** What a fault was, where one could have seen it, and what mends it. */
export function renderFault({ title, cause, hop, mend }: Fault): string {
  const steps = [
    ...(mend.unset ?? []).map((name) => `take ${name} out of configs/app.env`),
    ...Object.entries(mend.env ?? {}).map(([name, value]) => `set ${name}=${value} in configs/app.env`),
    ...(mend.edits ?? []).map((edit) =>
      edit.op === 'remove'
        ? `remove ${edit.value === undefined ? '' : `${edit.value} from `}${edit.path}`
        : `${edit.op} ${edit.path}${edit.op === 'add' ? ' ' : ' to '}${edit.value}`,
    ),
    ...(mend.restart ?? []).map((service) => `otel-lab restart ${service}`),
  ]
  return [`${title} (hop: ${hop})`, `  ${cause}`, ...steps.map((step) => `  → ${step}`)].join('\n')
}
