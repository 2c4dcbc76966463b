import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine, Passage } from '../engine.ts'
import { DOOR_TITLES, type Door, type Maker, type MeasuredLab, type Measurement, measure } from '../latency.ts'
import { humanDuration } from '../util/human-duration.ts'
import { inOrder } from './in-order.ts'

/** Something that happened to one request on its way. */
export interface FlowStep {
  /** Milliseconds since the epoch. */
  at: number
  signal?: Passage['signal']
  /** `arrow` crosses from one process to another, `inside` is a place in the collector, `seen` an answer, `note` the rest. */
  kind: 'arrow' | 'inside' | 'seen' | 'note'
  text: string
  /** How it travelled: protocol, and the address of the far end. */
  by?: string
  bad?: boolean
  /** Of the passage, to ask the tap for what travelled. */
  seq?: number
}

export interface Flow {
  runId: string
  measured: Measurement
}

const EVERY_MS = 40
/** No longer than a person takes for live. */
const HOLD_MS = 250

/** Follows one run live, telling each step as soon as it is known. Throws LabError when a backend fails for good. */
export async function followFlow(
  lab: MeasuredLab,
  options: { maker: Maker; deadlineMs: number; now: () => number; onStep: (step: FlowStep) => void },
): Promise<Flow> {
  const { maker, deadlineMs, now } = options
  // Backends answer at once, and what passed the collector is read a moment later.
  const steps = inOrder(options.onStep, HOLD_MS)
  const onStep = steps.push
  let runId = ''
  const known = {
    ...lab,
    newRunId: () => {
      runId = lab.newRunId()
      return runId
    },
  }
  const told = new Set<number>()
  const tell = async (tap: NonNullable<Engine['tap']>) => {
    if (runId === '') return
    const fresh = (await tap.passages({ runId, limit: 4_096 })).filter(({ seq }) => !told.has(seq))
    for (const { seq } of fresh) told.add(seq)
    for (const step of stepsOf(fresh)) onStep(step)
  }
  const over = new AbortController()
  const watching = (async () => {
    while (!over.signal.aborted) {
      if (lab.engine.tap) await tell(lab.engine.tap)
      steps.release(now())
      await sleep(EVERY_MS, undefined, { signal: over.signal }).catch(() => {})
    }
  })()
  const seen = (door: Door, text: string, at = now()) =>
    onStep({ at, kind: 'seen', text: `${DOOR_TITLES[door]}: ${text}` })
  try {
    const measured = await measure(known, {
      ...{ maker, deadlineMs, runs: 1, warmup: 0 },
      onEvent(event) {
        if (event.type === 'run') onStep({ at: now(), kind: 'note', text: `the program begins, run ${event.runId}` })
        else if (event.type === 'ended') {
          onStep({
            at: now(),
            kind: 'note',
            text: `the program has ended with exit code ${event.exitCode}`,
            bad: event.exitCode !== 0,
          })
        } else if (event.type === 'sighting') {
          const { door, seenAt, madeAt } = event.sighting
          seen(door, `visible, ${humanDuration(seenAt - madeAt)} after it was made`, seenAt)
        } else if (event.sightings.length === 0 && event.door !== 'metrics-by-exemplar')
          onStep({ at: now(), kind: 'seen', text: `${DOOR_TITLES[event.door]}: not there`, bad: true })
      },
      onProbe(event) {
        if (event.type === 'sent')
          onStep({ at: now(), kind: 'note', text: `a probe was made and sent, trace ${event.probe.traceId}` })
        else if (event.type === 'refused') onStep({ at: now(), kind: 'note', text: event.error.message, bad: true })
        else if (event.type === 'seen') seen(event.door, 'visible')
        else if (event.type === 'missing')
          onStep({ at: now(), kind: 'seen', text: `${DOOR_TITLES[event.door]}: not there`, bad: true })
      },
    })
    if (lab.engine.tap) await tell(lab.engine.tap)
    return { runId, measured }
  } finally {
    over.abort()
    await watching
    steps.end()
  }
}

const ITEMS = { traces: 'span', metrics: 'point', logs: 'log record' } as const
const BAD = new Set<Passage['step']>(['failed', 'refused', 'retrying'])

/** Places that a payload passes at once are told of together. */
export function stepsOf(passages: readonly Passage[]): FlowStep[] {
  const steps: FlowStep[] = []
  const through = new Map<string, { step: FlowStep; ids: string[]; from: number }>()
  for (const one of [...passages].sort((a, b) => a.seq - b.seq)) {
    const { at, signal, kind, id, step, items, bytes, protocol, peer, said, pipeline, seq } = one
    const count = `${items} ${ITEMS[signal]}${items === 1 ? '' : 's'}`
    const size = bytes === undefined ? '' : `, ${bytes} bytes`
    const base = { at, signal, seq, ...(BAD.has(step) ? { bad: true } : {}) }
    const why = said ? `: ${said}` : ''
    if (kind === 'receiver' && step === 'in') {
      steps.push({
        ...base,
        kind: 'arrow',
        text: `program ─▶ collector, receiver ${id}: ${count}${size}`,
        by: protocol ?? '',
      })
    } else if (kind === 'exporter' && step === 'sent' && protocol?.includes('scraped')) {
      steps.push({
        ...base,
        kind: 'arrow',
        text: `collector ◀─ ${peer ?? 'Prometheus'} fetches the page of ${id}: ${items} samples${size}`,
        by: protocol,
      })
    } else if (kind === 'exporter' && step === 'sent' && protocol !== undefined) {
      steps.push({
        ...base,
        kind: 'arrow',
        text: `collector ─▶ ${peer ?? 'the backend'}, exporter ${id}: ${count}${size} taken`,
        by: protocol,
      })
    } else if (BAD.has(step)) {
      steps.push({ ...base, kind: 'inside', text: `${kind} ${id}: ${step} ${count}${why}` })
    } else if (kind === 'processor' && step === 'in') {
      const key = `${signal} ${pipeline}`
      const group = through.get(key)
      if (group && group.from === items && at - group.step.at < 5) {
        group.ids.push(id)
        group.step.text = `processors ${group.ids.join(', ')}: ${count}`
      } else {
        const told: FlowStep = { ...base, kind: 'inside', text: `processor ${id}: ${count} in` }
        through.set(key, { step: told, ids: [id], from: items })
        steps.push(told)
      }
    } else if (kind === 'processor' && step === 'out') {
      const group = through.get(`${signal} ${pipeline}`)
      const waited = group ? at - group.step.at : 0
      if (waited < 5 && group?.from === items) continue
      through.delete(`${signal} ${pipeline}`)
      steps.push({ ...base, kind: 'inside', text: `processor ${id}: ${count} out` })
    }
  }
  return steps
}
