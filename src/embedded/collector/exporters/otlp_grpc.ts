import { encodeRequest } from '../../../otlp/protobuf.ts'
import type { Signal } from '../../../otlp/types.ts'
import { createOtlpGrpcClient, GRPC_STATUS, GrpcRefusal, type OtlpGrpcClient } from '../../otlp-grpc.ts'
import type { Build, Consumer } from '../component.ts'
import { authenticatorOf } from '../extensions/authenticator.ts'
import { SendError } from '../sending/send-error.ts'
import { createSender } from '../sending/sender.ts'
import { clientTls } from '../tls.ts'

const RETRYABLE = new Set<number>([
  GRPC_STATUS.CANCELLED,
  GRPC_STATUS.DEADLINE_EXCEEDED,
  GRPC_STATUS.ABORTED,
  GRPC_STATUS.OUT_OF_RANGE,
  GRPC_STATUS.UNAVAILABLE,
  GRPC_STATUS.DATA_LOSS,
])

const DROPPED: Record<Signal, string> = {
  traces: 'dropped_spans',
  metrics: 'dropped_data_points',
  logs: 'dropped_log_records',
}

/** OTLP over gRPC to a backend. */
export function createOtlpGrpc(build: Build, signal: Signal): Consumer {
  const { config, network, logger } = build
  const s = config.settings
  const { host, port } = target(s.endpoint)
  const secure = s.endpoint.startsWith('https://') || !(s.tls.insecure || s.endpoint.startsWith('http://'))
  const auth = authenticatorOf(build, s.auth)
  let client: (OtlpGrpcClient & { address: string }) | undefined

  /** Looked up for every request: a backend that restarts may listen elsewhere. */
  const connect = (): OtlpGrpcClient => {
    const found = network.resolve('otel-collector', host, port)
    if (found === undefined) throw dialError(`dial tcp ${host}:${port}: connect: connection refused`)
    const credentials = auth()?.headers() ?? {}
    // With a new token it is a new connection.
    const address = [`${found.host}:${found.port}`, ...Object.values(credentials)].join(' ')
    if (client?.address !== address) {
      client?.close()
      const options = {
        compression: s.compression,
        timeoutMs: s.timeout || 3_600_000,
        headers: { ...s.headers, ...credentials },
        inflate: network.inflate,
        ...(secure ? { tls: clientTls(s.tls, host) } : {}),
      }
      client = { ...createOtlpGrpcClient(found.host, found.port, options), address }
    }
    return client
  }

  return createSender(build, signal, {
    labels: { 'server.address': host, 'server.port': String(port) },
    protocol: 'OTLP/gRPC',
    queue: s.sending_queue,
    retry: s.retry_on_failure,
    async push(payload) {
      const connection = connect()
      try {
        const request = encodeRequest(signal, payload.data)
        const { rejected = 0, errorMessage = '' } = await connection.export(signal, request)
        if (rejected === 0 && errorMessage === '') return { bytes: request.length }
        logger.warn('Partial success response', { message: errorMessage, [DROPPED[signal]]: rejected })
        return { bytes: request.length, rejected, said: errorMessage }
      } catch (error) {
        throw error instanceof GrpcRefusal ? fromRefusal(error, `${host}:${port}`) : error
      }
    },
    stop: () => client?.close(),
  })
}

/** `tempo:4317`, `http://tempo:4317` or `dns:///tempo:4317`. */
function target(endpoint: string): { host: string; port: number } {
  const bare = endpoint.replace(/^https?:\/\//, '').replace(/^[a-z]+:\/\/[^/]*\//, '')
  const at = bare.lastIndexOf(':')
  return { host: bare.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(bare.slice(at + 1)) }
}

const dialError = (problem: string) => transportError(`transport: Error while dialing: ${problem}`)

function transportError(problem: string): SendError {
  return new SendError(`rpc error: code = Unavailable desc = connection error: desc = "${problem}"`, {
    code: GRPC_STATUS.UNAVAILABLE,
  })
}

function fromRefusal(error: GrpcRefusal, address: string): SendError {
  if (error.code === GRPC_STATUS.UNAVAILABLE) {
    const { details } = error
    // A peer that refuses us says so after its side of the handshake was done.
    if (/^remote error: tls:/.test(details)) return transportError(`error reading server preface: ${details}`)
    if (/^tls:/.test(details)) return transportError(`transport: authentication handshake failed: ${details}`)
    if (/ECONNREFUSED/.test(details)) return dialError(`dial tcp ${address}: connect: connection refused`)
    if (/ENOTFOUND|EAI_AGAIN/.test(details)) {
      return dialError(`dial tcp: lookup ${address.replace(/:\d+$/, '')}: no such host`)
    }
  }
  const throttled = error.code === GRPC_STATUS.RESOURCE_EXHAUSTED && error.retryAfterMs !== undefined
  const permanent = !RETRYABLE.has(error.code) && !throttled
  return new SendError((permanent ? 'Permanent error: ' : '') + error.message, {
    permanent,
    code: error.code,
    ...(error.retryAfterMs === undefined ? {} : { throttleMs: error.retryAfterMs }),
  })
}
