import { DOOR_TITLES, DOORS, type Door, type ProbeEvent, type SessionEvent } from '../../latency.ts'
import { liveLine } from '../../ui/live-line.ts'
import { humanDuration } from '../../ui/numbers.ts'
import { type Paint, paint } from '../../ui/paint.ts'

/** A line for each run, and on a terminal one below that says what is waited for. */
export function progressOf(runs: number, log: (line: string) => void, p: Paint = paint()) {
  const waiting = new Map<Door, number>()
  let running: number | undefined
  let warm = 0
  const line = liveLine({ quiet: process.stderr.isTTY !== true })
  const draw = () => {
    const open = [...waiting].filter(([, count]) => count > 0)
    if (running === undefined && open.length === 0) return
    const parts = open.map(([door, count]) => `${DOOR_TITLES[door]} ×${count}`)
    line.show(`${running === undefined ? 'waiting for' : 'the program runs;'} ${parts.join(', ')}`)
  }
  const name = (index: number) => (index < warm ? 'warm-up' : `run ${index - warm + 1}`)
  const onEvent = (event: ProbeEvent) => {
    line.show(undefined)
    if (event.type === 'run') {
      running = event.index
      if (event.warmup) warm = event.index + 1
      for (const door of DOORS) waiting.set(door, (waiting.get(door) ?? 0) + 1)
      log(event.warmup ? `Warm-up: ${event.runId}` : `Run ${event.index - warm + 1} of ${runs}: ${event.runId}`)
    } else if (event.type === 'sighting') return
    else if (event.type === 'ended') {
      running = undefined
      if (event.exitCode !== 0) log(p.yellow(`  ended with exit code ${event.exitCode}`))
    } else {
      waiting.set(event.door, (waiting.get(event.door) ?? 1) - 1)
      const slowest = Math.max(0, ...event.sightings.map(({ seenAt, madeAt }) => seenAt - madeAt))
      const seen = event.sightings.length > 0 ? `visible after at most ${humanDuration(slowest)}` : 'nothing seen'
      log(p.dim(`  ${name(event.index)}  ${DOOR_TITLES[event.door]}: ${seen}${event.complete ? '' : ', not all'}`))
    }
    draw()
  }
  return { onEvent, end: () => line.show(undefined) }
}

/** On a terminal one line: how many probes are out, and how many each door has shown. */
export function probeProgress(probes: number) {
  const line = liveLine({ quiet: process.stderr.isTTY !== true })
  const seen = new Map<Door, number>()
  let sent = 0
  const onProbe = (event: SessionEvent) => {
    if (event.type === 'sent') sent++
    if (event.type === 'seen') seen.set(event.door, (seen.get(event.door) ?? 0) + 1)
    line.show(
      `${sent} of ${probes} probes sent - back: ${DOORS.map((door) => `${door} ${seen.get(door) ?? 0}`).join(', ')}`,
    )
  }
  return { onProbe, end: () => line.show(undefined) }
}
