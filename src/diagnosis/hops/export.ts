import { PORTS } from '../../engine.ts'
import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'
import { asMap } from '../read/topology.ts'
import { addressOf, otlpSetting, PROTOCOLS, type Setting, setting, shown } from '../settings.ts'
import { acceptedOf, itemsOf, mineOf, reachedDoor, seenBy } from '../way.ts'
import { complaintIn } from '../words.ts'
import { otherSignals } from './app.ts'

/** Did the program's exporter find the collector? */
export function judgeExport(facts: Facts, doorOpen: boolean): Hop {
  const { run, signal, tap } = facts
  const hop = 'export' as const
  const reached = reachedDoor(facts)
  const said = complaintIn(run.output)
  if (reached) {
    const first = tap?.passages.find((one) => one.kind === 'receiver' && one.step === 'in' && mineOf(one, run) > 0)
    return {
      hop,
      state: 'passed',
      known: [seenBy(facts)],
      seen: `it sent its ${signal}${first?.protocol ? ` by ${first.protocol}` : ''}`,
    }
  }
  const wrong = settingsFault(facts)
  if (wrong) {
    return {
      hop,
      state: 'dropped',
      fault: wrong.fault,
      blame: 'work',
      known: said ? ['environment', 'app output'] : ['environment'],
      seen: `${wrong.seen}${said ? `. The app says: ${said}` : ''}`,
      why: wrong.why ?? 'The app sends to where nobody takes it for the lab, and few SDKs make a noise about that',
      next: wrong.next,
    }
  }
  const turnedAway = refusedAtDoor(facts)
  if (said && turnedAway > 0) {
    return {
      hop,
      state: 'dropped',
      known: ['app output', 'collector metrics'],
      seen: `the app could not deliver: ${said}. The collector turned away ${itemsOf(signal, turnedAway)} since the run began`,
    }
  }
  if (said) {
    const hasty = otlpSetting(run.env, signal, 'TIMEOUT')
    if (hasty && Number(hasty.value) < HASTY_MS) {
      return {
        hop,
        state: 'dropped',
        fault: 'timeout-short',
        blame: 'work',
        known: ['app output', 'environment'],
        seen: `the app gives up at once (${shown(hasty)}, in milliseconds): ${said}`,
        why: 'What the exporter of the SDK does not get rid of within its timeout is lost',
        next: `unset ${hasty.name}, then run it again`,
      }
    }
    if (doorOpen && /unauthenticated|authorization|\b401\b|\b403\b/i.test(said)) {
      return {
        hop,
        state: 'dropped',
        fault: 'credentials-missing',
        blame: 'work',
        known: ['app output'],
        seen: `the collector does not let the app in: ${said}`,
        why: 'Its receiver asks who comes (auth), and what the app says of it is nothing, or wrong',
        next: `export OTEL_EXPORTER_OTLP_HEADERS='authorization=Bearer%20TOKEN', then run it again; or take auth out of the receiver in ${facts.configs.shown}`,
      }
    }
    const proxy = proxyOf(run.env)
    return {
      hop,
      state: 'dropped',
      ...(doorOpen ? { fault: proxy ? 'proxy' : 'not-delivered', blame: 'work' as const } : {}),
      known: proxy ? ['app output', 'environment'] : ['app output'],
      seen: `the app could not deliver: ${said}${proxy ? ` (${proxy} is set, and no_proxy does not spare 127.0.0.1)` : ''}`,
      why: 'What the exporter of the SDK does not get rid of is given up after its timeout',
      next: proxy
        ? 'export no_proxy=127.0.0.1,localhost, then run it again'
        : 'otel-lab doctor, which tries both doors from this shell',
    }
  }
  const others = otherSignals(facts)
  const besides =
    tap && tap.others > 0 ? ` (${itemsOf(signal, tap.others)} of other programs did; they do not count)` : ''
  if (reached === false) {
    const nothing = `nothing of this run came to the collector${besides}`
    return {
      hop,
      state: 'dropped',
      ...(doorOpen ? { fault: 'nothing-sent', blame: 'work' as const } : {}),
      known: tap ? ['tap'] : ['collector metrics'],
      seen: others.length > 0 ? `its ${others.join(' and ')} came to the collector, its ${signal} did not` : nothing,
      why: 'Nothing in the environment explains it: the program makes none, sends them elsewhere by its own code, or ends before its SDK has flushed',
      next: `Does it set up ${signal}, and shut its providers down at the end? See what it makes: OTEL_${signal.toUpperCase()}_EXPORTER=console otel-lab run -- PROGRAM`,
    }
  }
  const accepted = acceptedOf(facts)
  return {
    hop,
    state: 'unknown',
    known: accepted === undefined ? [] : ['collector metrics'],
    seen:
      accepted === undefined
        ? 'this engine cannot look inside its collector'
        : `the collector accepted ${itemsOf(signal, accepted)} since the run began; whose they are it does not tell`,
    next: `See what the program makes: OTEL_${signal.toUpperCase()}_EXPORTER=console otel-lab run -- PROGRAM`,
  }
}

/** Without a tap: what receivers turned away since the run began, whoever's, as what follows them would not have it. */
const refusedAtDoor = ({ tap, counters = [], signal }: Facts): number =>
  tap ? 0 : counters.reduce((sum, one) => sum + (one.kind === 'receiver' && one.signal === signal ? one.refused : 0), 0)

/** Less than a connection takes. */
const HASTY_MS = 100

interface Wrong {
  fault: string
  seen: string
  why?: string
  next: string
}

/** What is wrong with where the environment says to send to. */
function settingsFault(facts: Facts): Wrong | undefined {
  const { run, signal, endpoints } = facts
  const off = exporterOff(facts)
  if (off) return off
  const protocol = otlpSetting(run.env, signal, 'PROTOCOL')
  if (protocol && !PROTOCOLS.includes(protocol.value)) {
    return wrong('protocol-unknown', `${shown(protocol)}: OTLP is spoken over ${PROTOCOLS.join(', ')}`, [protocol])
  }
  const endpoint = otlpSetting(run.env, signal, 'ENDPOINT')
  if (endpoint === undefined) return undefined
  const at = addressOf(endpoint.value)
  if (at === undefined) return wrong('endpoint-malformed', `${shown(endpoint)} is no address`, [endpoint])
  const doors = { grpc: endpoints.otlpGrpc, http: endpoints.otlpHttp }
  const http = protocol?.value.startsWith('http/') === true
  const door = doors[http ? 'http' : 'grpc']
  const here = Object.values(doors).flatMap((one) => (one ? [addressOf(one.url)!] : []))
  const standard = standardDoor(facts, at.port)
  if (standard && doors[standard] === undefined) {
    const moved = movedIn(facts, standard)
    // The door is where apps look for it: that it is shut is the receiver's doing.
    if (moved === '') return undefined
    const name = standard === 'grpc' ? 'OTLP/gRPC' : 'OTLP/HTTP'
    const id = [...(facts.configs.topology?.receivers.values() ?? [])].find(({ type }) => type === 'otlp')?.id
    return {
      ...wrong(
        'endpoint-wrong',
        `the app sends to port ${at.port} (${shown(endpoint)}), where no ${name} is any more${moved}`,
        [],
      ),
      next: `otel-lab config patch --set receivers.${id}.protocols.${standard}.endpoint=0.0.0.0:${standard === 'grpc' ? PORTS.otlpGrpc : PORTS.otlpHttp}`,
    }
  }
  const listens = Object.entries(doors).flatMap(([name, one]) =>
    one ? [`${name === 'grpc' ? 'gRPC' : 'HTTP'} at ${one.url}`] : [],
  )
  const where = `the collector of the lab listens for OTLP/${listens.join(' and OTLP/')}${movedIn(facts)}`
  const same = here.find(({ host, port }) => host === at.host && port === at.port)
  if (same === undefined) {
    const elsewhere = here.some(({ host }) => host === at.host) ? `port ${at.port}` : at.host
    return wrong('endpoint-wrong', `the app sends to ${elsewhere} (${shown(endpoint)}), but ${where}`, [endpoint])
  }
  if (door === undefined || addressOf(door.url)!.port !== at.port) {
    const speaks = http
      ? `OTLP/HTTP (${shown(protocol!)})`
      : `OTLP/gRPC${protocol ? ` (${shown(protocol)})` : ', the default'}`
    return wrong('protocol-mismatch', `the app speaks ${speaks} to the other door (${shown(endpoint)}): ${where}`, [
      endpoint,
      protocol,
    ])
  }
  if (at.scheme === 'https' && same.scheme !== 'https') {
    return wrong('tls-mismatch', `the app speaks TLS (${shown(endpoint)}), the collector's door does not`, [endpoint])
  }
  if (at.scheme === '' && http)
    return wrong('endpoint-malformed', `${shown(endpoint)} has no http:// in front`, [endpoint])
  const own = endpoint.name.includes(signal.toUpperCase())
  if (http && (own ? at.path !== `/v1/${signal}` : at.path.startsWith('/v1/'))) {
    const rule = own
      ? `a variable for one signal is used as it is, so it must end in /v1/${signal}`
      : `SDKs add /v1/${signal} themselves, so it goes to ${at.path}/v1/${signal}`
    return { ...wrong('path-wrong', `the path of ${shown(endpoint)} leads nowhere: ${rule}`, [endpoint]) }
  }
  return undefined
}

function exporterOff({ run, signal }: Facts): Wrong | undefined {
  const exporter = setting(run.env, `OTEL_${signal.toUpperCase()}_EXPORTER`)
  const kinds = exporter?.value
    .toLowerCase()
    .split(',')
    .map((kind) => kind.trim()) ?? ['otlp']
  if (exporter === undefined || kinds.some((kind) => kind.startsWith('otlp'))) return undefined
  const none = kinds.every((kind) => kind === 'none')
  return {
    fault: 'exporter-off',
    seen: `with ${shown(exporter)} the SDK ${none ? `exports no ${signal} at all` : `sends its ${signal} to ${kinds.join(', ')} and not by OTLP`}`,
    why: 'The SDK records as ever; which exporter takes it is read from the environment when the program starts',
    next: `unset ${exporter.name}, then run it again`,
  }
}

function wrong(fault: string, seen: string, variables: readonly (Setting | undefined)[]): Wrong {
  const names = variables.flatMap((one) => (one ? [one.name] : []))
  return { fault, seen, next: `unset ${names.join(' ')}, and otel-lab run gives the right ones; then run it again` }
}

/** Which of the lab's doors has that port when the config is as it came. */
export function standardDoor({ endpoints, engine }: Facts, port: number): 'grpc' | 'http' | undefined {
  if (engine === 'external') return undefined
  const offset = (addressOf(endpoints.tempo.url)?.port ?? PORTS.tempo) - PORTS.tempo
  if (port === PORTS.otlpGrpc + offset) return 'grpc'
  return port === PORTS.otlpHttp + offset ? 'http' : undefined
}

/** A receiver that listens elsewhere than it did. */
export function movedIn({ configs }: Facts, door?: 'grpc' | 'http'): string {
  const standard: Record<string, number> = { grpc: PORTS.otlpGrpc, http: PORTS.otlpHttp }
  const moved = [...(configs.topology?.receivers.values() ?? [])]
    .filter(({ type }) => type === 'otlp')
    .flatMap(({ id, settings }) =>
      Object.entries(asMap(settings.protocols)).flatMap(([name, one]) => {
        const endpoint = asMap(one).endpoint
        const port = typeof endpoint === 'string' ? addressOf(endpoint)?.port : undefined
        return port === undefined || port === standard[name] || (door ?? name) !== name
          ? []
          : [`receivers.${id}.protocols.${name}.endpoint: ${endpoint}`]
      }),
    )
  return moved.length > 0 ? ` (${moved.join(', ')})` : ''
}

/** gRPC and many HTTP clients send to the proxy what should go to this machine, unless they are told to spare it. */
function proxyOf(env: Facts['run']['env']): string | undefined {
  const proxy = setting(env, 'grpc_proxy', 'http_proxy', 'HTTP_PROXY')
  const spared = setting(env, 'no_grpc_proxy', 'no_proxy', 'NO_PROXY')?.value ?? ''
  return proxy === undefined || /(^|,)\s*(\*|localhost|127\.0\.0\.1)/.test(spared) ? undefined : proxy.name
}
