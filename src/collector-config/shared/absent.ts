import type { Complaint } from '../schema.ts'

/** The extensions that service::extensions names: their types, by id. */
export type Running = ReadonlyMap<string, string>

interface Parts {
  auth?: { authenticator: string } | undefined
  middlewares?: unknown[] | undefined
}

/** Extensions that a component asks for when it starts; of middlewares the lab's collector has none. */
export function* absentExtensions({ auth, middlewares }: Parts, running: Running, role: string): Generator<Complaint> {
  const [middleware] = middlewares ?? []
  if (middleware !== undefined) {
    const message = `failed to resolve middleware ${JSON.stringify(String((middleware as { id?: unknown }).id))}: middleware not found`
    yield { message, key: ['middlewares'] }
  } else if (auth !== undefined) {
    const { authenticator } = auth
    const type = running.get(authenticator)
    if (type === 'bearertokenauth') return
    const why =
      type === undefined ? 'authenticator not found' : `requested authenticator is not a ${role} authenticator`
    const hint = `name it among service.extensions: otel-lab config patch --add service.extensions=${authenticator}`
    const message = `failed to resolve authenticator ${JSON.stringify(authenticator)}: ${why}`
    yield { message, key: ['auth'], ...(type === undefined && authenticator !== '' && { hint }) }
  }
}

/** A queue that is kept by an extension which is not there. */
export const queueProblems = (queue: { storage?: string | undefined } | undefined, running: Running) =>
  storageProblem(queue?.storage, ['sending_queue', 'storage'], running)

/** A receiver tells it in other words than a queue. */
export function* storageProblem(storage: string | undefined, key: string[], running: Running): Generator<Complaint> {
  if (storage === undefined) return
  const type = running.get(storage)
  if (type === 'file_storage') return
  const hint = `name it among service.extensions: otel-lab config patch --add service.extensions=${storage}`
  const [own] = key
  const missing =
    own === 'storage' ? `storage client: storage extension '${storage}' not found` : 'no storage client extension found'
  if (type === undefined) yield { message: missing, key, hint }
  else yield { message: 'requested extension is not a storage extension', key }
}

/** The first of what several checks say: a start ends with its first fault. */
export function* firstOf(...checks: Iterable<Complaint>[]): Generator<Complaint> {
  for (const check of checks) {
    for (const complaint of check) {
      yield complaint
      return
    }
  }
}
