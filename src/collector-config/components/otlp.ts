import { ALL_SIGNALS, component } from '../component.ts'
import { type Complaint, off, string, struct } from '../schema.ts'
import { absentExtensions, firstOf } from '../shared/absent.ts'
import { listenProblems } from '../shared/endpoint.ts'
import { grpcServer } from '../shared/grpc.ts'
import { httpServer } from '../shared/http.ts'
import { tlsProblems } from '../shared/tls-start.ts'

const http = struct(
  'otlpreceiver.HTTPConfig',
  {
    ...httpServer({ endpoint: 'localhost:4318', writeTimeout: 0, readHeaderTimeout: 0, idleTimeout: 0 }),
    traces_url_path: string('/v1/traces'),
    metrics_url_path: string('/v1/metrics'),
    logs_url_path: string('/v1/logs'),
  },
  function* (server) {
    if (server.transport !== 'unix' && server.endpoint !== '') yield* listenProblems(server.endpoint, '0.0.0.0:4318')
  },
)

/** The OTLP receiver. Each protocol is off until it is written; a bare `grpc:` turns it on. */
export const otlpReceiver = component({
  kind: 'receiver',
  type: 'otlp',
  signals: ALL_SIGNALS,
  schema: struct(
    'otlpreceiver.Config',
    { protocols: struct('otlpreceiver.Protocols', { grpc: off(grpcServer('localhost:4317')), http: off(http) }) },
    function* ({ protocols }) {
      if (protocols.grpc === undefined && protocols.http === undefined) {
        yield {
          message: 'must specify at least one protocol when using the OTLP receiver',
          hint: 'write protocols: {grpc: {endpoint: 0.0.0.0:4317}, http: {endpoint: 0.0.0.0:4318}}',
        }
      }
    },
  ),
  start: function* ({ protocols }, files, running) {
    for (const name of ['grpc', 'http'] as const) {
      const server = protocols[name]
      if (server === undefined) continue
      const faults = firstOf(
        addressProblem(server),
        tlsProblems(server.tls, files, ['tls']),
        pathProblem(server),
        absentExtensions(server, running, 'server'),
      )
      for (const { key = [], ...fault } of faults) return yield { ...fault, key: ['protocols', name, ...key] }
    }
  },
})

/** What can be said of an address without listening. */
function* addressProblem({ transport, endpoint }: { transport: string; endpoint: string }): Generator<Complaint> {
  const key = ['endpoint']
  if (/^(udp|ip|unixgram|unixpacket)/.test(transport)) {
    const message = `listen ${transport} ${endpoint}: address ${endpoint}: unexpected address type`
    yield { message, key: ['transport'] }
  }
  const host = endpoint.replace(/:\d*$/, '')
  if (/^\d+(\.\d+)+$/.test(host) && !/^((25[0-5]|2[0-4]\d|1?\d?\d)(\.|$)){4}/.test(`${host}`)) {
    yield { message: `listen tcp: lookup ${host}: no such host`, key }
  }
}

/** Go's ServeMux takes a path as a pattern: a method may stand in front of a blank. */
function* pathProblem(server: object): Generator<Complaint> {
  for (const key of ['traces_url_path', 'metrics_url_path', 'logs_url_path']) {
    const path = String((server as Record<string, unknown>)[key] ?? '/')
    if (!/\s/.test(path)) continue
    yield {
      message: `parsing ${JSON.stringify(path)}: at offset 0: invalid method ${JSON.stringify(path.split(/\s/)[0])}`,
      key: [key],
    }
  }
}
