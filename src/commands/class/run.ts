import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { classCsv, classPage, forwardAll, openJournal, serveClass } from '../../class.ts'
import { openEngine } from '../../engine/choose.ts'
import type { Course } from '../../exercises.ts'
import { writeFileAtomic } from '../../util/atomic-write.ts'
import { namedHosts } from '../../util/door.ts'
import { findWorkspace, type Workspace } from '../../workspace.ts'
import { courseOf } from '../exercise/course.ts'

export interface ClassOptions {
  name: string
  lan: boolean
  port: number
  signal: AbortSignal
  say(text: string): void
}

/** Where a class keeps what it is told. */
export const classDir = (workspace: Workspace, name: string) =>
  workspace.statePath('class', name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 60) || 'class')

/** Serves it until Ctrl-C. */
export async function runClass({ name, lan, port, signal, say }: ClassOptions): Promise<void> {
  const workspace = await findWorkspace({ create: true })
  const dir = classDir(workspace, name)
  const journal = await openJournal(dir)
  const course = await courseOf(workspace)
  const tokens = await tokensOf(dir)
  const addresses = lan ? ownAddresses() : []
  const page = pageOf(course, name)
  const server = await serveClass({
    ...{ name, tokens, journal, port, now: Date.now, csv: classCsv, page },
    host: lan ? '0.0.0.0' : '127.0.0.1',
    hosts: [...addresses, ...(lan ? [hostname().toLowerCase()] : []), ...namedHosts(process.env)],
    onEvents: (events) => {
      for (const { name: who, kind, number, verdict } of events)
        say(`${who} ${kind === 'checked' ? `checked exercise ${number}: ${verdict}` : `has ${kind}`}`)
    },
  })
  const at = (host: string, path: string) => `http://${host}:${server.port}/${path}`
  const shown = lan && addresses.length > 0 ? addresses : ['127.0.0.1']
  say(`Class ${name}${lan ? '' : ', for this machine alone (--lan lets the network in)'}\n`)
  for (const host of shown) say(`  for learners  otel-lab class join ${at(host, tokens.learners)}`)
  say(`  your page     ${at('127.0.0.1', `${tokens.instructor}/page`)}\n`)
  say(`${journal.events.length} checks told so far. Ctrl-C ends it.`)
  const forwarding = forwardAll(journal, () => otlpDoor(workspace), signal)
  if (!signal.aborted) await once(signal, 'abort')
  await server.close()
  await forwarding
  await journal.close()
  const waiting = journal.events.length - journal.forwarded
  say(
    `\nThe class is over: ${journal.events.length} told${waiting > 0 ? `, ${waiting} of which your lab has not taken yet` : ''}.`,
  )
  say(`→ otel-lab class export "${name}"`)
}

/** The lab may be down, or come back on other ports. */
async function otlpDoor(workspace: Workspace): Promise<string | undefined> {
  const engine = await openEngine(workspace)
  return (await engine.endpoints()).otlpHttp?.url
}

const pageOf = (course: Course, name: string) => (roll: Parameters<typeof classCsv>[0]) => {
  const found = (number: number, slug: string) =>
    course.exercises.find((one) => one.number === number && one.slug === slug)
  return classPage({
    name,
    roll,
    now: Date.now(),
    exercises: course.exercises.length,
    titleOf: (number, slug) => found(number, slug)?.title ?? slug,
    checkOf: (number, slug, id) => found(number, slug)?.checks.find((one) => one.id === id)?.title ?? id,
  })
}

/** The same ones when it is served again, so that nobody has to join anew. */
async function tokensOf(dir: string): Promise<{ learners: string; instructor: string }> {
  const path = join(dir, 'tokens.json')
  const kept = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as { learners: string; instructor: string },
    () => undefined,
  )
  if (kept) return kept
  const fresh = () => randomBytes(15).toString('base64url')
  const tokens = { learners: fresh(), instructor: fresh() }
  await writeFileAtomic(path, `${JSON.stringify(tokens)}\n`, { mode: 0o600 })
  return tokens
}

const ownAddresses = () =>
  Object.values(networkInterfaces()).flatMap((all = []) =>
    all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  )
