import type { Complaint } from '../schema.ts'

interface Parts {
  auth?: { authenticator: string } | undefined
  middlewares?: unknown[] | undefined
}

/** Extensions that a component asks for when it starts; the lab's collector has none of the kind. */
export function* absentExtensions({ auth, middlewares }: Parts): Generator<Complaint> {
  const [middleware] = middlewares ?? []
  if (middleware !== undefined) {
    const message = `failed to resolve middleware ${JSON.stringify(String((middleware as { id?: unknown }).id))}: middleware not found`
    yield { message, key: ['middlewares'] }
  } else if (auth !== undefined) {
    const message = `failed to resolve authenticator ${JSON.stringify(auth.authenticator)}: authenticator not found`
    yield { message, key: ['auth'] }
  }
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
