import { type Endpoint, type Endpoints, PORTS } from '../../engine.ts'
import { EXIT, LabError } from '../../errors.ts'

/** Everything of a stack that can be told where it is. */
export const PLACES = Object.keys(PORTS) as (keyof Endpoints)[]
export type Place = keyof Endpoints

export type Urls = Partial<Record<Place, string>>

/** By place; `*` goes to all. A value `${NAME}` is taken from the environment each time, and so never stored. */
export type Headers = Partial<Record<Place | '*', Record<string, string>>>

/** `otlpGrpc` -> `otlp-grpc`, as flags are written. */
export const kebab = (place: string): string => place.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** `OTEL_LAB_OTLP_GRPC_URL` and the like. */
export function urlsIn(env: Record<string, string | undefined>): Urls {
  return Object.fromEntries(
    PLACES.flatMap((place) => {
      const url = env[`OTEL_LAB_${kebab(place).replaceAll('-', '_').toUpperCase()}_URL`]
      return url ? [[place, url]] : []
    }),
  )
}

/** `Name: value`, or for one place only `tempo=Name: value`. Throws LabError `usage`. */
export function readHeader(text: string): { place: Place | '*'; name: string; value: string } {
  const match = /^(?:([a-z-]+)=)?([!#$%&'*+.^_`|~\w-]+):\s*([^\r\n]*)$/.exec(text)
  const place = match?.[1] === undefined ? '*' : PLACES.find((one) => kebab(one) === match[1])
  if (match && place) return { place, name: match[2]!.toLowerCase(), value: match[3]! }
  // What was typed may be a secret: only its first part is repeated.
  throw new LabError('usage', `--header ${text.split(/[:=\s]/)[0]}... is no header`, {
    hint: `otel-lab up --engine external --header 'Authorization: Bearer \${TOKEN}', for one place only: 'tempo=Name: value'\nPlaces: ${PLACES.map(kebab).join(', ')}`,
    exit: EXIT.usage,
  })
}

/** A user and password in a URL become a header, so that no URL that is shown or stored holds them. */
export function withoutPassword(place: Place, text: string): { url: string; header?: string } {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new LabError('bad-url', `--${kebab(place)}-url is no URL`, { exit: EXIT.usage })
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new LabError('bad-url', `--${kebab(place)}-url begins with neither http:// nor https://`, {
      exit: EXIT.usage,
    })
  }
  const { username, password } = url
  url.username = ''
  url.password = ''
  const plain = url.href.replace(/\/$/, '')
  if (username === '' && password === '') return { url: plain }
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { url: plain, header: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/**
 * Where everything answers. Without any URL it is the lesson's ports on this machine, as a hand-started
 * `docker compose up` has them. Throws LabError `url-missing`, `env-missing`.
 */
export function endpointsFrom(
  urls: Urls,
  headers: Headers,
  options: { portOffset: number; env: Record<string, string | undefined> },
): Endpoints {
  const nothingSaid = Object.keys(urls).length === 0
  const at = (place: Place): Endpoint | undefined => {
    const url = urls[place] ?? (nothingSaid && place !== 'grafana' ? local(place, options.portOffset) : undefined)
    if (url === undefined) return undefined
    const own = Object.entries({ ...headers['*'], ...headers[place] })
    if (own.length === 0) return { url }
    return { url, headers: Object.fromEntries(own.map(([name, value]) => [name, expanded(value, options.env)])) }
  }
  const needed = (place: Place): Endpoint => {
    const endpoint = at(place)
    if (endpoint) return endpoint
    throw new LabError('url-missing', `the external stack has no URL for ${place}`, {
      hint: `otel-lab up --engine external --${kebab(place)}-url http://...`,
      exit: EXIT.usage,
    })
  }
  const endpoints: Endpoints = { tempo: needed('tempo'), prometheus: needed('prometheus'), loki: needed('loki') }
  for (const place of PLACES) {
    const endpoint = at(place)
    if (endpoint) endpoints[place] = endpoint
  }
  return endpoints
}

const local = (place: Place, offset: number) => `http://127.0.0.1:${PORTS[place] + offset}`

function expanded(value: string, env: Record<string, string | undefined>): string {
  return value.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const found = env[name]
    if (found) return found
    throw new LabError(
      'env-missing',
      `a header of the external stack takes \${${name}} from the environment, where it is not set`,
      {
        hint: `export ${name}=...`,
      },
    )
  })
}
