import { timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { LabError } from '../errors.ts'
import { requestFromJson } from '../otlp/json.ts'
import { answerStranger, type Caller } from '../util/door.ts'
import { type ClassEvent, fromOtlp } from './event.ts'
import type { ClassJournal } from './journal.ts'
import { rollOf } from './roll.ts'

export interface ClassServerOptions {
  name: string
  /** What the learners' address holds, and what the instructor's does. Who has neither is told nothing. */
  tokens: { learners: string; instructor: string }
  journal: ClassJournal
  host: string
  port: number
  /** By which names this machine may be called, besides loopback's. */
  hosts: readonly string[]
  now(): number
  /** The instructor's page; csv and results for the two downloads. */
  page(roll: ReturnType<typeof rollOf>): string
  csv(roll: ReturnType<typeof rollOf>): string
  onEvents(events: readonly ClassEvent[]): void
}

export interface ClassServer {
  port: number
  close(): Promise<void>
}

const MAX_BODY = 256 * 1024
const MAX_MEMBERS = 1_000
/** A learner's lab tells a few a minute; after an hour without network it may have more at once. */
const PER_MINUTE = 120

/** Throws LabError `port-taken`. */
export function serveClass(options: ClassServerOptions): Promise<ClassServer> {
  const { host, port, hosts } = options
  const app = new Hono()
  app.use('*', async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'no-referrer')
  })
  addLearnerRoutes(app, options)
  addInstructorRoutes(app, options)
  app.all('*', (c) => c.text('404 there is no class here; is the address whole?\n', 404))
  app.onError((_, c) => c.text('500 the class could not write that down; it is told again later\n', 500))
  const server = createAdaptorServer({
    fetch: (request, env) => {
      const { method = 'GET', headers } = (env as HttpBindings).incoming
      return answerStranger(method, headers as Caller, { hosts, links: false }) ?? app.fetch(request, env)
    },
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(
        new LabError(
          taken ? 'port-taken' : 'cannot-listen',
          `${host}:${port}: ${taken ? 'it is taken' : error.message}`,
          {
            hint: `otel-lab class serve --port ${port + 1}`,
            cause: error,
          },
        ),
      )
    })
    server.listen(port, host, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            if ('closeAllConnections' in server) server.closeAllConnections()
          }),
      }),
    )
  })
}

function isToken(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function addLearnerRoutes(app: Hono, { name, tokens, journal, now, onEvents }: ClassServerOptions): void {
  const members = new Set(journal.events.map(({ member }) => member))
  const rate = new Map<string, { since: number; count: number }>()
  const isTooMuch = (member: string, count: number) => {
    const at = now()
    const known = rate.get(member)
    const one = known && at - known.since < 60_000 ? known : { since: at, count: 0 }
    one.count += count
    rate.set(member, one)
    return one.count > PER_MINUTE
  }
  app.get('/:token', (c) =>
    isToken(c.req.param('token'), tokens.learners) ? c.json({ class: name, speaks: 'otel-lab-class/1' }) : c.notFound(),
  )
  app.post('/:token/v1/logs', bodyLimit({ maxSize: MAX_BODY, onError: tooLarge }), async (c) => {
    if (!isToken(c.req.param('token'), tokens.learners)) return c.notFound()
    const events = await eventsIn(c)
    if (events === undefined) return c.text('400 no OTLP log records in JSON\n', 400)
    const [first] = events
    if (first === undefined) return c.json({})
    if (!members.has(first.member) && members.size >= MAX_MEMBERS) return c.text('403 the class is full\n', 403)
    if (events.some(({ member }) => member !== first.member)) return c.text('400 one learner at a time\n', 400)
    if (isTooMuch(first.member, events.length)) return c.text('429 too much at once; it is told again later\n', 429)
    onEvents(await journal.add(events))
    members.add(first.member)
    return c.json({})
  })
}

const tooLarge = (c: Context) => c.text('413 too large\n', 413)

async function eventsIn(c: Context): Promise<ClassEvent[] | undefined> {
  try {
    return fromOtlp(requestFromJson('logs', await c.req.json()))
  } catch {
    return undefined
  }
}

const CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

function addInstructorRoutes(app: Hono, { tokens, journal, now, page, csv }: ClassServerOptions): void {
  const roll = () => rollOf(journal.events, now())
  const guarded = (path: string, answer: (c: Context) => Response) =>
    app.get(`/:token${path}`, (c) =>
      isToken(c.req.param('token') ?? '', tokens.instructor) ? answer(c) : (c.notFound() as Response),
    )
  guarded('/page', (c) => c.html(page(roll()), 200, { 'content-security-policy': CSP }))
  guarded('/class.csv', (c) => c.text(csv(roll()), 200, { 'content-type': 'text/csv; charset=utf-8' }))
  guarded('/class.json', (c) => c.json(roll()))
}
