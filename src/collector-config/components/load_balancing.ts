import { ALL_SIGNALS, component } from '../component.ts'
import { any, type Complaint, duration, off, type SettingsIn, string, strings, struct } from '../schema.ts'
import { absentExtensions, firstOf, queueProblems } from '../shared/absent.ts'
import { retryOnFailure, sendingQueue } from '../shared/sending.ts'
import { tlsProblems } from '../shared/tls-start.ts'
import { otlpClient } from './otlp_grpc.ts'

const DOCKER = 'try it on the docker engine: otel-lab up --engine docker'

/** By signal; those that the embedded collector does not have are in brackets. */
const ROUTING_KEYS: Record<string, { here: string[]; elsewhere: string[] }> = {
  traces: { here: ['', 'traceID', 'service', 'attributes'], elsewhere: [] },
  logs: { here: ['', 'service', 'traceID'], elsewhere: ['resource', 'attributes'] },
  metrics: { here: ['', 'service', 'metric'], elsewhere: ['resource', 'streamID', 'attributes'] },
}

const fields = {
  timeout: duration(),
  retry_on_failure: { ...retryOnFailure() },
  sending_queue: sendingQueue('off'),
  protocol: struct('loadbalancingexporter.Protocol', { otlp: otlpClient('placeholder:4317') }),
  resolver: struct('loadbalancingexporter.ResolverSettings', {
    static: off(struct('loadbalancingexporter.StaticResolver', { hostnames: strings() })),
    dns: off(
      struct('loadbalancingexporter.DNSResolver', {
        hostname: string(),
        port: string('4317'),
        interval: duration(5_000),
        timeout: duration(1_000),
      }),
    ),
    k8s: any(),
    aws_cloud_map: any(),
  }),
  routing_key: string(),
  routing_attributes: strings(),
}

function* check(l: SettingsIn<typeof fields>): Generator<Complaint> {
  const key = ['routing_attributes']
  if (l.routing_key === 'attributes' && l.routing_attributes.length === 0) {
    yield { message: 'routing_attributes must be specified when routing_key is "attributes"', key }
  } else if (l.routing_key !== 'attributes' && l.routing_attributes.length > 0) {
    const got = `got ${JSON.stringify(l.routing_key)}. Remove routing_attributes or set routing_key to "attributes"`
    yield { message: `routing_attributes can only be used when routing_key is "attributes"; ${got}`, key }
  }
}

function* resolverFaults({ resolver }: SettingsIn<typeof fields>): Generator<Complaint> {
  const key = ['resolver']
  const named = Object.entries(resolver).filter(([, settings]) => settings !== undefined)
  if (named.length > 1) return yield { message: 'only one resolver should be specified', key }
  if (resolver.static !== undefined && resolver.static.hostnames.length === 0) {
    return yield { message: 'no endpoints specified for the static resolver', key: [...key, 'static'] }
  }
  if (resolver.dns !== undefined) {
    if (resolver.dns.hostname === '') {
      return yield { message: 'no hostname specified to resolve the backends', key: [...key, 'dns'] }
    }
    const message = 'in the lab a name stands for one backend: dns finds no more of them'
    return yield { severity: 'warning', message, key: [...key, 'dns'], hint: 'name them under static: hostnames' }
  }
  const [name] = named[0] ?? []
  if (name === undefined) {
    yield {
      message: 'no resolvers specified for the exporter',
      key,
      hint: 'such as resolver: {static: {hostnames: [a:4317, b:4317]}}',
    }
  } else if (name !== 'static') {
    yield {
      message: `the real collector has the resolver ${name}, the embedded one does not`,
      key: [...key, name],
      hint: DOCKER,
    }
  }
}

/** Shares telemetry among several backends, by a key that keeps together what belongs together. */
export const loadBalancingExporter = component({
  kind: 'exporter',
  type: 'load_balancing',
  alias: { type: 'loadbalancing', since: '0.153.0' },
  signals: ALL_SIGNALS,
  schema: struct('loadbalancingexporter.Config', fields, check),
  build: function* (l, signal): Generator<Complaint> {
    const what = `cannot configure loadbalancing ${signal} exporter`
    for (const fault of resolverFaults(l)) {
      yield fault.severity === 'warning' ? fault : { ...fault, message: `${what}: ${fault.message}` }
      if (fault.severity !== 'warning') return
    }
    const { here, elsewhere } = ROUTING_KEYS[signal]!
    const key = ['routing_key']
    if (elsewhere.includes(l.routing_key)) {
      const message = `the real collector routes ${signal} by ${l.routing_key}, the embedded one does not`
      return yield { message, key, hint: DOCKER }
    }
    if (!here.includes(l.routing_key)) {
      const shown = signal === 'traces' ? l.routing_key : JSON.stringify(l.routing_key)
      return yield {
        message: `${what}: unsupported routing_key: ${shown}`,
        key,
        hint: `it is one of ${here.filter(Boolean).join(', ')}`,
      }
    }
    if (l.sending_queue === undefined && l.timeout === 0) return
    const message =
      'the embedded collector has the queue and the timeout of each backend, under protocol: otlp, and none in front of them'
    yield { severity: 'warning', message }
  },
  start: (l, files, running) => {
    const { otlp } = l.protocol
    return firstOf(
      queueProblems(l.sending_queue, running),
      queueProblems(otlp.sending_queue, running),
      tlsProblems(otlp.tls, files, ['protocol', 'otlp', 'tls']),
      absentExtensions(otlp, running, 'gRPC client'),
    )
  },
})
