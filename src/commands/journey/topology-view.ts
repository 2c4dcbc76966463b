import type { Arrow, Topology } from '../../journey.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { outputWidth, widthOf, wrapWords } from '../../ui/width.ts'

const MARKS: Record<Arrow['state'], string> = { ok: '✓', idle: '·', failing: '✗', unknown: '?' }

/** The hub in the middle, what comes in above, what goes out below, who can be asked last. */
export function renderTopology({ arrows, unused }: Topology, p: Paint = paint(), width = outputWidth()): string {
  const coloured = ({ state, said }: Arrow) => {
    const text = `${MARKS[state]} ${said}`
    return state === 'ok' ? p.green(text) : state === 'failing' ? p.red(text) : p.dim(text)
  }
  const into = arrows.filter(({ to }) => to === 'collector')
  const out = arrows.filter(({ from, pulled }) => from === 'collector' && !pulled)
  const pulled = arrows.filter((arrow) => arrow.pulled)
  const asked = arrows.filter(({ from }) => from === 'you')
  const branch = (last: boolean) => (last ? '└' : '├')
  const leaves = [...out, ...pulled]
  const box = (title: string) => {
    const line = '─'.repeat(widthOf(title) + 2)
    return [`┌${line}┐`, `│ ${p.bold(title)} │`, `└${line}┘`]
  }
  return [
    ...box('program'),
    ` │  ${into[0]?.address || 'no door is open'}`,
    ...into.map((arrow) => ` │  ${arrow.signal.padEnd(7)}  ${coloured(arrow)}`),
    ' ▼',
    ...box('collector'),
    ...leaves.flatMap((arrow, i) => {
      const last = i === leaves.length - 1
      const rail = last ? ' ' : '│'
      const way = arrow.pulled ? `◀── ${arrow.protocol} ── ${arrow.to}` : `── ${arrow.protocol} ──▶ ${arrow.to}`
      // What is too long goes on beside the rail.
      const beside = (text: string) => wrapWords(text, width - 6).map((line) => ` ${rail}    ${line}`)
      return [` ${branch(last)}─ ${arrow.signal} ${way}`, ...beside(arrow.address), ...beside(coloured(arrow))]
    }),
    '',
    p.bold('Asked by you, by Grafana, by the checks'),
    ...asked.flatMap((arrow) => [`  ${arrow.to.padEnd(11)} ${arrow.address}`, `  ${''.padEnd(11)} ${coloured(arrow)}`]),
    ...(unused.length > 0 ? ['', p.yellow(`Configured, but in no pipeline: ${unused.join(', ')}`)] : []),
    ...(arrows.some(({ state }) => state === 'failing') ? ['', '→ otel-lab doctor'] : []),
  ].join('\n')
}
