import { randomBytes } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EXIT, LabError } from '../errors.ts'
import { requestToJson } from '../otlp/json.ts'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'
import { type HttpAnswer, httpRequest } from '../util/http.ts'
import { type ClassEvent, memberName, toOtlp } from './event.ts'

/** A learner's side: which class, and under which name; in the lab folder until they leave. */
export interface Membership {
  url: string
  className: string
  member: string
  name: string
  joinedAt: string
}

type Told = Omit<ClassEvent, 'id' | 'member' | 'name'>

export interface Sent {
  /** Not there yet; told again with the next check. */
  waiting: number
  /** The class has not answered for a day: it was left. */
  ended: boolean
}

const TIMEOUT_MS = 2_000
const AT_ONCE = 50
const MOST_WAITING = 500
const DAY_MS = 24 * 3_600_000
const SPEAKS = 'otel-lab-class/1'

/** Asks who is there, before anything is told. Throws LabError `no-class`. */
export async function askClass(url: string): Promise<{ url: string; className: string }> {
  const address = url.trim().replace(/\/+$/, '')
  const answer = /^https?:\/\/[^/]+\/[A-Za-z0-9_-]{16,}$/.test(address)
    ? await httpRequest(address, { timeoutMs: 5_000, maxBytes: 10_000 }).catch((error: Error) => error)
    : new Error('it is no address of a class')
  const told = answer instanceof Error || answer.status !== 200 ? undefined : readHello(answer)
  if (told !== undefined) return { url: address, className: told }
  const why = answer instanceof Error ? answer.message : `it answers ${answer.status}`
  throw new LabError('no-class', `there is no class at ${address}: ${why}`, {
    hint: 'Copy the whole address that the instructor shows: otel-lab class join http://...',
    exit: EXIT.usage,
  })
}

function readHello({ text }: HttpAnswer): string | undefined {
  try {
    const { class: name, speaks } = JSON.parse(text) as { class?: unknown; speaks?: unknown }
    return speaks === SPEAKS && typeof name === 'string' ? memberName(name) : undefined
  } catch {
    return undefined
  }
}

export function openMembership(file: string) {
  const outbox = join(dirname(file), 'class-outbox')
  const read = async (): Promise<Membership | undefined> =>
    readFile(file, 'utf8').then(
      (text) => JSON.parse(text) as Membership,
      () => undefined,
    )
  const forget = async () => {
    await rm(file, { force: true })
    await rm(outbox, { recursive: true, force: true })
  }
  /** Undefined for who is in no class: then nothing is written and nothing is sent. */
  const tell = async (event: Told): Promise<Sent | undefined> => {
    const membership = await read()
    if (membership === undefined) return undefined
    const { member, name, joinedAt } = membership
    const whole: ClassEvent = { ...event, id: randomBytes(9).toString('base64url'), member, name }
    await makeDir(outbox)
    await writeFileAtomic(join(outbox, `${event.at}-${whole.id}.json`), JSON.stringify(whole))
    const waiting = await sendAll(membership, outbox)
    // A class is a day; whoever forgot to leave it is not followed for ever.
    const ended = waiting > 0 && event.at - Date.parse(joinedAt) > DAY_MS
    if (ended) await forget()
    return { waiting: ended ? 0 : waiting, ended }
  }
  return {
    read,
    tell,
    async join(of: { url: string; className: string }, name: string, now: Date): Promise<Membership> {
      const member = randomBytes(9).toString('base64url')
      const membership: Membership = { ...of, member, name: memberName(name), joinedAt: now.toISOString() }
      await makeDir(dirname(file))
      await writeFileAtomic(file, `${JSON.stringify(membership, undefined, 2)}\n`)
      return membership
    },
    /** Says good-bye, where somebody listens, and sends nothing any more. */
    async leave(now: Date): Promise<Membership | undefined> {
      const membership = await read()
      if (membership === undefined) return undefined
      await tell({ at: now.getTime(), kind: 'left', results: [], hints: 0, applied: false }).catch(() => undefined)
      await forget()
      return membership
    },
  }
}

/**
 * Sends what waits, the oldest first; gives how many still do. A file for each: two processes may send the same at
 * once, and the class counts it once.
 */
async function sendAll({ url }: Membership, outbox: string): Promise<number> {
  const names = (await readdir(outbox)).filter((name) => name.endsWith('.json')).sort()
  for (const old of names.splice(0, names.length - MOST_WAITING)) await rm(join(outbox, old), { force: true })
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const some = names.slice(from, from + AT_ONCE)
    const texts = await Promise.all(some.map((name) => readFile(join(outbox, name), 'utf8').catch(() => undefined)))
    const events = texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as ClassEvent]))
    if ((await post(url, events)) !== 200) return names.length - from
    for (const name of some) await rm(join(outbox, name), { force: true })
  }
  return 0
}

async function post(url: string, events: readonly ClassEvent[]): Promise<number | undefined> {
  const answer = await httpRequest(`${url}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(requestToJson('logs', toOtlp(events))),
    timeoutMs: TIMEOUT_MS,
    maxBytes: 10_000,
  }).catch(() => undefined)
  return answer?.status
}
