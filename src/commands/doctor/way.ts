import type { Checked, Hop, Signal, Way } from '../../diagnosis.ts'
import { humanDuration } from '../../ui/numbers.ts'
import type { Finding } from './finding.ts'

const TITLES: Record<Signal, string> = {
  traces: 'A span from end to end',
  metrics: 'A metric from end to end',
  logs: 'A log line from end to end',
}
const STORES: Record<Signal, string> = { traces: 'Tempo', metrics: 'Prometheus', logs: 'Loki' }

/** One finding for each thing that is wrong, however many doors it is seen from; one for each signal that came out. */
export function wayFindings(checked: readonly Checked[]): Finding[] {
  const findings: Finding[] = []
  const broken = new Map<string, { hop: Hop; checked: Checked[] }>()
  for (const signal of Object.keys(TITLES) as Signal[]) {
    const all = checked.filter((one) => one.signal === signal)
    const well = all.filter((one) => one.well)
    if (well.length > 0) {
      const times = well.map(({ way, ms }) => `by ${way} after ${humanDuration(ms)}`)
      findings.push({ state: 'ok', title: TITLES[signal], seen: `in ${STORES[signal]}: ${times.join(', ')}` })
    }
    for (const one of all.filter((late) => !late.well)) {
      const { broken: hop } = one.diagnosis
      if (hop === undefined) findings.push(notYet(one))
      else {
        const key = `${hop.fault} ${hop.hop} ${hop.id ?? ''} ${one.way === 'this shell' ? hop.seen : ''}`
        const same = broken.get(key)
        if (same) same.checked.push(one)
        else broken.set(key, { hop, checked: [one] })
      }
    }
  }
  return [...findings, ...[...broken.values()].map(({ hop, checked: all }) => wrong(hop, all))]
}

function wrong({ hop, id, pipeline, seen, why, next }: Hop, checked: readonly Checked[]): Finding {
  const signals = [...new Set(checked.map(({ signal }) => signal))]
  const ways = [...new Set(checked.map(({ way }) => way))]
  const place = [hop, id, pipeline && `in ${pipeline}`].filter(Boolean).join(' ')
  return {
    state: 'error',
    title: `${upper(signals.join(', '))} ${sentBy(ways)}: lost at ${place}`,
    seen,
    ...(why ? { why } : {}),
    ...(next ? { next } : {}),
  }
}

const sentBy = (ways: readonly Way[]) =>
  ways.length === 1
    ? ways[0] === 'this shell'
      ? 'as this shell sends them'
      : `by ${ways[0]}`
    : `by ${ways.join(' and ')}`

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** Nothing is known to be broken, and yet it has not come out. */
function notYet({ way, signal, ms, diagnosis }: Checked): Finding {
  const { held, hops } = diagnosis
  const open = held ?? hops.findLast(({ state }) => state === 'unknown')
  return {
    state: 'warning',
    title: `${TITLES[signal]} by ${way}`,
    seen: `not there after ${humanDuration(ms)}${open ? `: ${open.seen}` : ''}`,
    next: open?.next ?? 'otel-lab latency, which measures how long it takes here',
  }
}
