import { EXIT, LabError } from '../../../errors.ts'
import { decodeToPassOn } from '../../../otlp/protobuf.ts'
import type { Signal } from '../../../otlp/types.ts'
import type { Peer } from '../../grpc/server.ts'
import { GRPC_STATUS, GrpcRefusal, serveOtlpGrpc } from '../../otlp-grpc.ts'
import {
  type Accept,
  type Build,
  COUNTED,
  type Component,
  ConsumerError,
  itemCount,
  type Metadata,
  type Payload,
} from '../component.ts'
import { UNTRACKED } from '../delivery.ts'
import { authenticatorOf } from '../extensions/authenticator.ts'
import { listen, page, portOf } from '../listen.ts'
import { serverTls } from '../tls.ts'
import { originRule } from './cors.ts'
import { type AcceptFrom, otlpHttpApp } from './otlp-http.ts'
import { createSenders } from './senders.ts'

const PROTOCOLS = { grpc: 'OTLP/gRPC', http: 'OTLP/HTTP' }

/** OTLP over gRPC and over HTTP. A signal that no pipeline takes from it is UNIMPLEMENTED or 404. */
export function createOtlp(build: Build, accept: Partial<Record<Signal, Accept>>): Component {
  const { config, network, telemetry, logger, tap } = build
  const { grpc, http } = config.settings.protocols
  const signals = Object.keys(accept) as Signal[]
  const counter = (verb: string, signal: Signal) => `otelcol_receiver_${verb}_${COUNTED[signal]}`

  const senderOf = createSenders()

  /** Counts, and passes on. */
  const counted =
    (transport: 'grpc' | 'http'): AcceptFrom =>
    async (peer, signal, data, raw, metadata) => {
      const labels = { receiver: config.id, transport }
      const count = itemCount({ signal, data } as Parameters<typeof itemCount>[0])
      if (count === 0) return
      for (const verb of ['accepted', 'refused', 'failed']) telemetry.add(counter(verb, signal), labels, 0)
      const came = { signal, data, delivery: UNTRACKED } as Payload
      const place = { signal, kind: 'receiver', id: config.id, protocol: PROTOCOLS[transport] } as const
      const sender = peer && senderOf(peer, tap.runsOf(came))
      tap.note(place, 'in', came, {
        ...(raw ? { bytes: raw.length } : {}),
        ...(peer ? { peer: `${peer.address}:${peer.port}` } : {}),
        ...(sender ? { sender: sender.pids } : {}),
      })
      try {
        // A sender that has its answer may be gone the next moment, and nobody could tell who it was.
        await Promise.all([accept[signal]!(signal, data, raw, metadata), sender?.known])
        telemetry.add(counter('accepted', signal), labels, count)
      } catch (error) {
        telemetry.add(counter('refused', signal), labels, count)
        tap.refuse(place, came, error)
        throw asRefusal(error)
      }
    }

  const [grpcAuth, httpAuth] = [authenticatorOf(build, grpc?.auth), authenticatorOf(build, http?.auth)]
  const byGrpc = counted('grpc')
  const onExport = async (signal: Signal, bytes: Uint8Array, headers: Record<string, string>, peer: Peer) => {
    const unauthorized = grpcAuth()?.fault((name) => headers[name])
    if (unauthorized !== undefined) throw new GrpcRefusal(GRPC_STATUS.UNAUTHENTICATED, unauthorized)
    const metadata = grpc.include_metadata ? metadataOf(headers) : undefined
    try {
      await byGrpc(peer, signal, decodeToPassOn(signal, bytes), bytes, metadata)
      return {}
    } catch (error) {
      if (!(error instanceof ConsumerError)) throw error
      throw new GrpcRefusal(statusOf(error), descriptionOf(error))
    }
  }
  let grpcServer: Awaited<ReturnType<typeof bindGrpc>> | undefined
  const bindGrpc = () =>
    listen(network, portOf(grpc.endpoint), (port) =>
      serveOtlpGrpc({
        port,
        signals,
        onExport,
        inflate: network.inflate,
        ...(grpc.tls ? { tls: serverTls(grpc.tls) } : {}),
        maxMessageBytes: (grpc.max_recv_msg_size_mib || 4) * 1024 * 1024,
      }),
    )
  const httpPage = http
    ? page(
        network,
        http.endpoint,
        otlpHttpApp({
          http,
          signals,
          accept: counted('http'),
          inflate: network.inflate,
          statusOf,
          descriptionOf,
          auth: httpAuth,
        }),
        originRule(http.cors),
        http.tls && serverTls(http.tls),
      )
    : undefined

  return {
    async start() {
      if (grpc) {
        grpcServer = await bindGrpc()
        logger.info('Starting GRPC server', { endpoint: grpc.endpoint })
      }
      if (httpPage) {
        await httpPage.start()
        logger.info('Starting HTTP server', { endpoint: http.endpoint })
      }
    },
    async stop() {
      grpcServer?.forget()
      await Promise.all([grpcServer?.close(), httpPage?.stop()])
    },
  }
}

/** internal/errors GetStatusFromError: a backend's own code if there is one; what is permanent is our side's fault. */
export function statusOf({ code, permanent }: ConsumerError): number {
  return code ?? (permanent ? GRPC_STATUS.INTERNAL : GRPC_STATUS.UNAVAILABLE)
}

/** A status is passed on as a status: what it says, without its code in front. */
export function descriptionOf({ code, message }: ConsumerError): string {
  return code === undefined ? message : message.replace(/^rpc error: code = \w+ desc = /, '')
}

function metadataOf(headers: Record<string, string>): Metadata {
  return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), [value]]))
}

/** A full disk is not the sender's fault, and may pass: it should try again. */
function asRefusal(error: unknown): unknown {
  if (error instanceof LabError && error.exit === EXIT.broken)
    return new ConsumerError(error.message, { permanent: false })
  return error
}
