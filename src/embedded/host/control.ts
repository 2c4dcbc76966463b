import { timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { LabError } from '../../errors.ts'
import type { CollectorTap } from '../collector/tap.ts'
import { problemOf, type Seat, type SeatStatus } from './seats.ts'

export interface ControlOptions {
  token: string
  seats: Seat[]
  tap: Pick<CollectorTap, 'passages' | 'rememberedFrom' | 'payload'>
  /** What each service has said itself. */
  said: ReadonlyMap<string, { since(moment: number): string }>
  /** Facts of the process for `/status`. */
  facts: () => Record<string, unknown>
  stop: () => void
}

/** What `otel-lab` says to its background process. Every route wants the bearer token of the run file. */
export function controlApp(options: ControlOptions): Hono {
  const { seats, tap, said } = options
  const expected = Buffer.from(`Bearer ${options.token}`)
  const app = new Hono()
  app.use(bodyLimit({ maxSize: 1 << 20 }))
  app.use(async (c, next) => {
    const given = Buffer.from(c.req.header('authorization') ?? '')
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return c.text('unauthorized', 401)
    return next()
  })
  app.onError((error, c) => {
    const exit = error instanceof LabError ? error.exit : 4
    return c.json({ error: { ...problemOf(error), exit } }, 409)
  })

  const statuses = (): Promise<SeatStatus[]> => Promise.all(seats.map((seat) => seat.status()))

  app.get('/status', async (c) => c.json({ ...options.facts(), services: await statuses() }))

  app.post('/restart/:service', async (c) => {
    const seat = seats.find(({ name }) => name === c.req.param('service'))
    if (seat === undefined) return c.notFound()
    await seat.restart()
    return c.json(await seat.status())
  })

  app.post('/halt/:service', async (c) => {
    const seat = seats.find(({ name }) => name === c.req.param('service'))
    if (seat === undefined) return c.notFound()
    await seat.stop()
    return c.json(await seat.status())
  })

  // What a second `up` asks for: only what changed or lies down is started anew, each on its own.
  app.post('/apply', async (c) => {
    const stale = (await statuses()).filter(({ state, changed }) => changed || state === 'stopped')
    const results = await Promise.all(
      stale.map(async ({ name }) => {
        try {
          await seats.find((seat) => seat.name === name)!.restart()
          return { name }
        } catch (error) {
          return { name, problem: problemOf(error) }
        }
      }),
    )
    return c.json({ restarted: results })
  })

  app.get('/config/:service', (c) => {
    const seat = seats.find(({ name }) => name === c.req.param('service'))
    if (seat === undefined) return c.notFound()
    return c.json({ text: seat.runningConfig() })
  })

  app.get('/said/:service', (c) =>
    c.json({ text: said.get(c.req.param('service'))?.since(Number(c.req.query('since') ?? 0)) }),
  )

  app.get('/tap', (c) => {
    const number = (name: string) => {
      const value = Number(c.req.query(name) ?? Number.NaN)
      return Number.isFinite(value) ? { [name]: value } : {}
    }
    const text = (name: string) => (c.req.query(name) === undefined ? {} : { [name]: c.req.query(name) })
    const query = {
      ...number('after'),
      ...number('since'),
      ...number('limit'),
      ...text('runId'),
      ...text('traceId'),
      ...text('kind'),
      ...text('id'),
    }
    return c.json({ from: tap.rememberedFrom(), passages: tap.passages(query) })
  })

  app.get('/tap/:seq', (c) => c.json({ payload: tap.payload(Number(c.req.param('seq'))) }))

  app.post('/stop', (c) => {
    // After the answer is out.
    setTimeout(options.stop, 5)
    return c.json({ stopping: true })
  })
  return app
}
