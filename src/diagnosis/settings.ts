import type { Signal } from './contract.ts'

type Env = Readonly<Record<string, string | undefined>>

/** A variable that is set, and to what. */
export interface Setting {
  name: string
  value: string
}

/** The first of the variables that is set; an empty one counts as not set (OpenTelemetry, SDK environment variables). */
export function setting(env: Env | undefined, ...names: string[]): Setting | undefined {
  for (const name of names) {
    const value = env?.[name]?.trim()
    if (value) return { name, value }
  }
  return undefined
}

/** An endpoint may hold a password. */
export const shown = ({ name, value }: Setting) => `${name}=${value.replace(/\/\/[^/@\s]*@/, '//***@')}`

/** Of the exporter of a signal: the signal's own variable counts over the one for all. */
export function otlpSetting(env: Env | undefined, signal: Signal, what: string): Setting | undefined {
  return setting(env, `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${what}`, `OTEL_EXPORTER_OTLP_${what}`)
}

export const PROTOCOLS = ['grpc', 'http/protobuf', 'http/json']

/** The flags of a W3C traceparent; undefined when it is none. */
export function traceparentOf(env: Env | undefined): { traceId: string; sampled: boolean; text: string } | undefined {
  const text = env?.TRACEPARENT?.trim()
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/i.exec(text ?? '')
  if (match === null || /^0+$/.test(match[1]!)) return undefined
  return { traceId: match[1]!.toLowerCase(), sampled: (Number.parseInt(match[2]!, 16) & 1) === 1, text: text! }
}

const LOOPBACK = ['localhost', '127.0.0.1', '::1', '[::1]', '0.0.0.0']

/** Host and port of an endpoint as SDKs read it; undefined when it is none. */
export function addressOf(endpoint: string): { scheme: string; host: string; port: number; path: string } | undefined {
  const text = endpoint.includes('://') ? endpoint : `http://${endpoint}`
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname, port, pathname } = new URL(text)
  const scheme = endpoint.includes('://') ? protocol.slice(0, -1) : ''
  const host = LOOPBACK.includes(hostname) ? '127.0.0.1' : hostname
  if (host === '') return undefined
  return { scheme, host, port: Number(port || (scheme === 'https' ? 443 : 80)), path: pathname.replace(/\/+$/, '') }
}
