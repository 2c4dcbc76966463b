import type { Hono } from 'hono'
import { diagnose, type Hop } from '../diagnosis.ts'
import { SIGNALS } from '../util/signal.ts'
import type { DiagnosisAnswer, WayStation } from './answers.ts'
import { BadRequest } from './faults.ts'
import type { PageParts } from './parts.ts'

/** Where a run's telemetry is, or where it died: the terminal's own diagnosis. */
export function addDiagnosisRoutes(app: Hono, parts: PageParts): void {
  app.get('/api/diagnosis', async (c) => {
    const signal = SIGNALS.find((one) => one === c.req.query('signal'))
    const run = c.req.query('run')
    if (signal === undefined || run === undefined) throw new BadRequest('run and signal say what to look for')
    const ports = await parts.diagnosis(c.req.raw.signal)
    const { arrived, hops, broken, held } = await diagnose(ports, await parts.observed(run, ports), signal)
    const answer: DiagnosisAnswer = {
      ...(arrived === undefined ? {} : { arrived }),
      way: hops.map(station),
      ...(broken ? { broken: station(broken) } : {}),
      ...(held ? { held: station(held) } : {}),
    }
    return c.json(answer)
  })
}

function station({ hop, id, state, seen, why, next, waitMs }: Hop): WayStation {
  return {
    ...{ hop, state, seen },
    ...(id ? { id } : {}),
    ...(why ? { why } : {}),
    ...(next ? { next } : {}),
    ...(waitMs === undefined ? {} : { waitMs }),
  }
}
