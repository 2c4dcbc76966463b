import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'
import { pipelinesOf } from '../read/topology.ts'
import { otlpSetting } from '../settings.ts'
import { acceptedOf, itemsOf, mineOf, reachedDoor } from '../way.ts'
import { mendOf } from './mend.ts'

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
    known: accepted === undefined ? [configs.from] : ['collector metrics'],
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
  const no = (fault: string, seen: string, id: string, next: string): Hop => ({
    hop: 'receiver',
    state: 'dropped',
    fault,
    blame: 'work',
    known: [configs.from],
    seen,
    why: 'A receiver takes only what a pipeline of that signal asks of it; everything else it turns away as unknown',
    ...mendOf(facts, { kind: 'pipelines', id }, next),
  })
  if (topology === undefined) return undefined
  if (pipelinesOf(topology, signal).length === 0) {
    const some = topology.pipelines.filter((one) => one.signal === signal)
    const otlp = [...topology.receivers.values()].find(({ type }) => type === 'otlp')?.id ?? 'otlp'
    if (some.length === 0) {
      const has = topology.pipelines.map(({ id }) => id).join(', ')
      return no(
        'no-pipeline',
        `the collector has no ${signal} pipeline (only ${has || 'none'}), so it turns ${signal} away`,
        signal,
        `Add service.pipelines.${signal} in ${shown} (the shipped one shows how: otel-lab config diff), then: otel-lab restart otel-collector`,
      )
    }
    const [one] = some
    return no(
      'no-receiver',
      `the ${one!.id} pipeline takes in from ${one!.receivers.join(', ') || 'nothing'}, and so from no program`,
      one!.id,
      `otel-lab config patch --add service.pipelines.${one!.id}.receivers=${otlp}`,
    )
  }
  const protocol = otlpSetting(run.env, signal, 'PROTOCOL')?.value
  const wanted = protocol?.startsWith('http/') ? 'http' : 'grpc'
  const open = wanted === 'http' ? endpoints.otlpHttp : endpoints.otlpGrpc
  const other = wanted === 'http' ? endpoints.otlpGrpc : endpoints.otlpHttp
  if (open !== undefined || facts.engine === 'external' || (protocol === undefined && other !== undefined))
    return undefined
  const name = wanted === 'http' ? 'OTLP/HTTP' : 'OTLP/gRPC'
  const port = wanted === 'http' ? 4318 : 4317
  return no(
    'door-closed',
    `the collector has no door for ${name}, which the app speaks`,
    'otlp',
    `otel-lab config patch --set receivers.otlp.protocols.${wanted}.endpoint=0.0.0.0:${port}`,
  )
}
