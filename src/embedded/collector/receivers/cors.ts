import type { Context, MiddlewareHandler } from 'hono'

/** confighttp's CORSConfig, as decoded. */
export interface CorsConfig {
  allowed_origins?: readonly string[] | null
  allowed_headers?: readonly string[] | null
  exposed_headers?: readonly string[] | null
  max_age?: number
}

/** What github.com/rs/cors takes when no headers are named. */
const DEFAULT_HEADERS = ['accept', 'content-type', 'x-requested-with']
const METHODS = ['GET', 'POST', 'HEAD']

/** Whether the config lets an origin in; undefined where it lets in none, and so CORS is off, as in the real one. */
export function originRule(cors: CorsConfig | null | undefined): ((origin: string) => boolean) | undefined {
  const rules = (cors?.allowed_origins ?? []).map((one) => one.toLowerCase())
  if (rules.length === 0) return undefined
  return (origin) => {
    const asked = origin.toLowerCase()
    return rules.some((rule) => {
      const star = rule.indexOf('*')
      if (star === -1) return rule === asked
      const [head, tail] = [rule.slice(0, star), rule.slice(star + 1)]
      return asked.length >= head.length + tail.length && asked.startsWith(head) && asked.endsWith(tail)
    })
  }
}

/** What confighttp does with rs/cors: answers preflights itself and names the origin in the others' answers. */
export function answerCors(cors: CorsConfig | null | undefined): MiddlewareHandler {
  const allowed = originRule(cors)
  const headers = (cors?.allowed_headers ?? []).map((name) => name.toLowerCase())
  const known = headers.length > 0 ? [...headers, 'origin'] : DEFAULT_HEADERS
  const everyOrigin = cors?.allowed_origins?.includes('*') === true
  const grant = (c: Context, origin: string) => {
    c.header('Access-Control-Allow-Origin', everyOrigin ? '*' : origin)
    c.header('Access-Control-Allow-Credentials', 'true')
  }

  return async (c, next) => {
    if (allowed === undefined) return next()
    const origin = c.req.header('origin')
    const method = c.req.header('access-control-request-method')
    if (c.req.method !== 'OPTIONS' || method === undefined) {
      await next()
      c.header('Vary', 'Origin', { append: true })
      if (origin === undefined || !allowed(origin)) return
      grant(c, origin)
      const exposed = cors?.exposed_headers ?? []
      if (exposed.length > 0) c.header('Access-Control-Expose-Headers', exposed.join(', '))
      return
    }
    c.header('Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers')
    const asked = c.req.header('access-control-request-headers') ?? ''
    const wanted = asked.split(',').flatMap((name) => name.trim().toLowerCase() || [])
    const fits = known.includes('*') || wanted.every((name) => known.includes(name))
    if (origin !== undefined && allowed(origin) && METHODS.includes(method) && fits) {
      grant(c, origin)
      c.header('Access-Control-Allow-Methods', method)
      if (asked !== '') c.header('Access-Control-Allow-Headers', asked)
      if (cors?.max_age) c.header('Access-Control-Max-Age', String(cors.max_age))
    }
    return c.body(null, 204)
  }
}
