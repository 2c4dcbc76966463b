/** What a request says of where it comes from; as Node gives headers, lower-case. */
export interface Caller {
  host?: string | undefined
  origin?: string | undefined
  'sec-fetch-site'?: string | undefined
  'sec-fetch-mode'?: string | undefined
  'sec-fetch-dest'?: string | undefined
}

export interface DoorRules {
  /** Names besides loopback's under which this machine is reached; `*.example.org` stands for all below. */
  hosts: readonly string[]
  /** A web page elsewhere may link here, which lets nobody but the reader see the answer. */
  links?: boolean
  /** Origins that a config lets in, as the OTLP receiver's `cors` does. */
  allowOrigin?: (origin: string) => boolean
}

/** The variable that names a learner's own hosts, for Codespaces and tunnels. */
export const HOSTS_VARIABLE = 'OTEL_LAB_ALLOW_HOSTS'

/** How containers call the machine that they run on; nobody can register a name below `.internal`. */
const CONTAINER_NAMES = ['host.docker.internal', 'gateway.docker.internal', 'host.containers.internal']

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\]|\[::ffff:127(?:\.\d{1,3}){3}\])$/

/** What a learner names in `OTEL_LAB_ALLOW_HOSTS`: names, or URLs of which the host is taken. */
export function namedHosts(env: Record<string, string | undefined>): string[] {
  const words = (env[HOSTS_VARIABLE] ?? '').split(/[\s,]+/).filter((word) => word !== '')
  return words.map((word) => hostName(word.replace(/^[a-z]+:\/\//i, '').replace(/\/.*$/, '')))
}

/**
 * Why a request is not let in; undefined when it is. A browser gives every page of the web a way to this machine: it
 * names its Origin, or its site, and a name that was bound to 127.0.0.1 behind our back is still in Host. Programs
 * send neither Origin nor Sec-Fetch-Site.
 */
export function refusalAtDoor(method: string, caller: Caller, rules: DoorRules): string | undefined {
  const admitted = (name: string) => isAdmitted(name, rules.hosts)
  const { host, origin, 'sec-fetch-site': site } = caller
  if (host !== undefined && !admitted(hostName(host))) {
    return `Host ${shown(host)} is not this machine. If it is yours (Codespaces, a tunnel), start the lab with it: otel-lab down, then ${HOSTS_VARIABLE}=${shown(hostName(host))} otel-lab up`
  }
  if (origin !== undefined) {
    if (admitted(originHost(origin)) || rules.allowOrigin?.(origin)) return undefined
    return `Origin ${shown(origin)} is foreign: web pages of other machines are not let into the lab`
  }
  if (site !== 'cross-site') return undefined
  const isLink = method === 'GET' && caller['sec-fetch-mode'] === 'navigate' && caller['sec-fetch-dest'] === 'document'
  if (rules.links && isLink) return undefined
  return 'a web page of another machine asked for this: it is not let into the lab. If you followed a link, type its address instead'
}

/** 403 in plain words for whom `refusalAtDoor` refuses; undefined for the others. */
export function answerStranger(method: string, caller: Caller, rules: DoorRules): Response | undefined {
  const why = refusalAtDoor(method, caller, rules)
  if (why === undefined) return undefined
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }
  return new Response(`403 Forbidden: ${why}\n`, { status: 403, headers })
}

function isAdmitted(name: string, hosts: readonly string[]): boolean {
  if (LOOPBACK.test(name) || CONTAINER_NAMES.includes(name)) return true
  return hosts.some((one) => (one.startsWith('*.') ? name.endsWith(one.slice(1)) : name === one))
}

/** Without its port, and without the dot that ends a full name. */
function hostName(host: string): string {
  return host.trim().toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
}

/** '' for what is no origin, such as `null`, which a sandboxed page sends. */
function originHost(origin: string): string {
  return /^https?:\/\/([^/?#@\\]+)$/i.test(origin) ? hostName(origin.replace(/^https?:\/\//i, '')) : ''
}

const shown = (text: string) => text.slice(0, 100).replace(/[^\x21-\x7e]/g, '?')
