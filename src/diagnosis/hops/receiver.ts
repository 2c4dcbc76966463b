import { PORTS } from '../../engine.ts'
import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'
import { asMap, pipelinesOf, type Topology } from '../read/topology.ts'
import { addressOf, otlpSetting } from '../settings.ts'
import { acceptedOf, itemsOf, mineOf, reachedDoor } from '../way.ts'
import { movedIn, standardDoor } from './export.ts'
import { mendOf, type Part } from './mend.ts'

/** Is there a door for this signal, and did it take it in? */
export function judgeReceiver(facts: Facts): Hop {
  const { signal, configs, services, tap, run, endpoints } = facts
  const hop = 'receiver' as const
  const seat = services?.find(({ name }) => name === 'otel-collector')
  const down = seat && (seat.state === 'stopped' || seat.state === 'unhealthy')
  if (down && facts.engine !== 'external') {
    return {
      hop,
      state: 'dropped',
      fault: 'collector-down',
      mayPass: true,
      blame: 'lab',
      known: ['service'],
      seen: `the collector is ${seat.state}${seat.problem ? `: ${seat.problem}` : ''}`,
      why: 'Everything goes through the collector; while it is down, programs have nobody to send to',
      next: 'otel-lab restart otel-collector, then: otel-lab status',
    }
  }
  const arrivals = tap?.passages.filter((one) => one.kind === 'receiver' && mineOf(one, run) > 0) ?? []
  const came = arrivals.filter(({ step }) => step === 'in')
  const refused = arrivals.find(({ step }) => step === 'refused')
  if (came.length > 0 && refused && arrivals.every(({ step }) => step !== 'out')) {
    return {
      hop,
      state: 'dropped',
      fault: 'refused',
      blame: 'work',
      known: ['tap'],
      seen: `the receiver ${refused.id} refused it: ${refused.said}`,
      next: 'otel-lab logs otel-collector --tail 20',
    }
  }
  if (came.length > 0) {
    const count = came.reduce((sum, one) => sum + mineOf(one, run), 0)
    const tagged = came.some((one) => one.byRun[run.runId] !== undefined)
    const seen = `the receiver ${came[0]!.id} took in ${itemsOf(signal, count)} of it`
    if (tagged) return { hop, id: came[0]!.id, state: 'passed', known: ['tap'], seen }
    return {
      hop,
      id: came[0]!.id,
      state: 'changed',
      fault: 'run-id-missing',
      blame: 'work',
      known: ['tap'],
      seen: `${seen}, but without the run id: the program does not take OTEL_RESOURCE_ATTRIBUTES over`,
      why: 'By the resource attribute otel_lab.run.id a run is told from all others',
      next: 'Let the SDK merge its resource with the environment (Resource.create in Python, envDetector in JavaScript)',
    }
  }
  const closed = closedDoor(facts)
  if (closed) return closed
  const reached = reachedDoor(facts)
  if (reached) return { hop, state: 'passed', known: ['backend'], seen: 'it went in: the backend has some of it' }
  if (reached === false)
    return { hop, state: 'unknown', known: ['running config'], seen: 'the door is open; nothing of it came' }
  const accepted = acceptedOf(facts)
  const doors = [endpoints.otlpGrpc && 'gRPC', endpoints.otlpHttp && 'HTTP'].filter(Boolean).join(' and ')
  return {
    hop,
    state: 'unknown',
    known: accepted !== undefined ? ['collector metrics'] : configs.topology ? [configs.from] : [],
    seen:
      accepted === undefined
        ? `the door is open (${doors})`
        : `it accepted ${itemsOf(signal, accepted)} since then, whoever's they are`,
    next: 'otel-lab doctor, which sends something through and looks for it',
  }
}

/** The config has no way in for it. */
function closedDoor(facts: Facts): Hop | undefined {
  const { signal, configs, endpoints, run } = facts
  const { topology, shown } = configs
  const no = (fault: string, seen: string, part: Part, next: string): Hop => ({
    hop: 'receiver',
    state: 'dropped',
    fault,
    blame: 'work',
    known: [configs.from],
    seen,
    why: 'A receiver takes only what a pipeline of that signal asks of it; everything else it turns away as unknown',
    ...mendOf(facts, part, next),
  })
  if (topology === undefined) return undefined
  const wanted = doorOf(facts)
  const receiver = receiverAt(topology, wanted)
  const reading = pipelinesOf(topology, signal)
  const some = topology.pipelines.filter((one) => one.signal === signal)
  if (some.length === 0) {
    const has = topology.pipelines.map(({ id }) => id).join(', ')
    return no(
      'no-pipeline',
      `the collector has no ${signal} pipeline (only ${has || 'none'}), so it turns ${signal} away`,
      { kind: 'pipelines', id: signal },
      `Add service.pipelines.${signal} in ${shown} (the shipped one shows how: otel-lab config diff), then: otel-lab restart otel-collector`,
    )
  }
  if (reading.length === 0 || (receiver && !reading.some(({ receivers }) => receivers.includes(receiver)))) {
    const [one] = reading.length > 0 ? reading : some
    const from = one!.receivers.join(', ') || 'nothing'
    return no(
      'no-receiver',
      `the ${one!.id} pipeline takes in from ${from}, and not from ${receiver ?? 'any OTLP receiver'}, to which the app sends`,
      { kind: 'pipelines', id: one!.id },
      `otel-lab config patch --add service.pipelines.${one!.id}.receivers=${receiver ?? 'otlp'}`,
    )
  }
  const open = wanted === 'http' ? endpoints.otlpHttp : endpoints.otlpGrpc
  const other = wanted === 'http' ? endpoints.otlpGrpc : endpoints.otlpHttp
  const said = otlpSetting(run.env, signal, 'PROTOCOL') ?? otlpSetting(run.env, signal, 'ENDPOINT')
  if (open !== undefined || facts.engine === 'external' || (said === undefined && other !== undefined)) return undefined
  const name = wanted === 'http' ? 'OTLP/HTTP' : 'OTLP/gRPC'
  const port = wanted === 'http' ? PORTS.otlpHttp : PORTS.otlpGrpc
  const moved = movedIn(facts, wanted)
  const id = [...topology.receivers.values()].find(({ type }) => type === 'otlp')?.id ?? 'otlp'
  return {
    ...no(
      'door-closed',
      moved
        ? `the door for ${name}, which the app speaks, is not at ${port}, where the lab opens it to programs${moved}`
        : `the otlp receiver has no door for ${name}, which the app speaks (receivers.${id}.protocols has no ${wanted})`,
      { kind: 'receivers', id },
      `otel-lab config patch --set receivers.${id}.protocols.${wanted}.endpoint=0.0.0.0:${port}`,
    ),
    why: 'Where a receiver does not listen, an app knocks in vain: its connection is refused',
  }
}

/** By which door the app would come. */
function doorOf(facts: Facts): 'grpc' | 'http' {
  const protocol = otlpSetting(facts.run.env, facts.signal, 'PROTOCOL')?.value
  if (protocol) return protocol.startsWith('http/') ? 'http' : 'grpc'
  const endpoint = otlpSetting(facts.run.env, facts.signal, 'ENDPOINT')
  const at = endpoint && addressOf(endpoint.value)
  return (at && standardDoor(facts, at.port)) ?? 'grpc'
}

/** The receiver behind a door: of several the one with the standard port; undefined where that is not sure. */
function receiverAt(topology: Topology, door: 'grpc' | 'http'): string | undefined {
  const standard = door === 'grpc' ? PORTS.otlpGrpc : PORTS.otlpHttp
  const all = [...topology.receivers.values()].filter(({ type }) => type === 'otlp')
  const at = all.find(({ settings }) => {
    const { endpoint } = asMap(asMap(settings.protocols)[door])
    return typeof endpoint === 'string' && addressOf(endpoint)?.port === standard
  })
  return at?.id ?? (all.length === 1 ? all[0]!.id : undefined)
}
