import { requestToJson } from '../../../otlp/json.ts'
import { encodeRequest } from '../../../otlp/protobuf.ts'
import type { Signal } from '../../../otlp/types.ts'
import { compress, type Encoding } from '../../compression.ts'
import { type Answer, createPoster } from '../../post.ts'
import type { Build, Consumer } from '../component.ts'
import { authenticatorOf } from '../extensions/authenticator.ts'
import { SendError } from '../sending/send-error.ts'
import { createSender } from '../sending/sender.ts'
import { clientTls } from '../tls.ts'
import { partialSuccess, statusMessage } from './otlp_http/status.ts'

const RETRYABLE = [429, 502, 503, 504]

/** google.rpc.Code by HTTP status. */
const CODES: Record<number, string> = {
  400: 'InvalidArgument',
  401: 'Unauthenticated',
  403: 'PermissionDenied',
  404: 'Unimplemented',
  429: 'ResourceExhausted',
  502: 'Unavailable',
  503: 'Unavailable',
  504: 'Unavailable',
}

const DROPPED: Record<Signal, string> = {
  traces: 'dropped_spans',
  metrics: 'dropped_data_points',
  logs: 'dropped_log_records',
}

/** OTLP over HTTP to a backend, protobuf or JSON. */
export function createOtlpHttp(build: Build, signal: Signal): Consumer {
  const { config, network, logger } = build
  const s = config.settings
  const url = urlOf(s, signal)
  const poster = createPoster(
    network,
    'otel-collector',
    clientTls(s.tls, URL.canParse(url) ? new URL(url).hostname : ''),
  )
  const auth = authenticatorOf(build, s.auth)
  const json = s.encoding === 'json'
  const encoding: Encoding | undefined = s.compression === 'none' || s.compression === '' ? undefined : s.compression

  return createSender(build, signal, {
    labels: addressOf(url),
    protocol: 'OTLP/HTTP',
    queue: s.sending_queue,
    retry: s.retry_on_failure,
    async push({ data }, stopping) {
      const plain = json ? Buffer.from(JSON.stringify(requestToJson(signal, data))) : encodeRequest(signal, data)
      const headers = {
        'content-type': json ? 'application/json' : 'application/x-protobuf',
        'user-agent': 'OpenTelemetry Collector (otel-lab, embedded)',
        ...(encoding ? { 'content-encoding': encoding } : {}),
        ...s.headers,
        ...auth()?.headers(),
      }
      const body = encoding ? await compress(encoding, plain, s.compression_params.level) : plain
      const signals = [stopping, ...(s.timeout > 0 ? [AbortSignal.timeout(s.timeout)] : [])]
      const answer = await poster.post(url, headers, body, AbortSignal.any(signals)).catch((error: Error) => {
        throw new SendError(`failed to make an HTTP request: ${error.message}`)
      })
      if (answer.status < 200 || answer.status > 299) throw refused(url, answer)
      const partial = partialSuccess(answer)
      if (!partial) return { bytes: plain.length }
      const { rejected, message } = partial
      logger.warn('Partial success response', { message, [DROPPED[signal]]: rejected })
      return { bytes: plain.length, rejected, said: message }
    },
    stop: () => poster.close(),
  })
}

/** `traces_endpoint` as it is, or `endpoint` with `/v1/traces` after it. */
// biome-ignore lint/suspicious/noExplicitAny: the schema has checked it
function urlOf(settings: any, signal: Signal): string {
  const own = settings[`${signal}_endpoint`]
  if (own !== '') return own
  if (settings.endpoint === '') {
    const what = `failed to create "otlp_http" exporter for data type "${signal}"`
    throw new Error(`${what}: either endpoint or ${signal}_endpoint must be specified`)
  }
  return `${settings.endpoint.replace(/\/$/, '')}/v1/${signal}`
}

function addressOf(url: string): Record<string, string> {
  if (!URL.canParse(url)) return {}
  const { hostname, port, pathname } = new URL(url)
  return { 'server.address': hostname, ...(port ? { 'server.port': port } : {}), 'url.path': pathname }
}

function refused(url: string, answer: Answer): SendError {
  const told = statusMessage(answer)
  const more = told === undefined ? '' : `, Message=${told}, Details=[]`
  const code = CODES[answer.status] ?? (answer.status >= 500 ? 'Internal' : 'Unknown')
  const words = `error exporting items, request to ${url} responded with HTTP Status Code ${answer.status}${more}`
  const seconds = Number(answer.retryAfter)
  const permanent = !RETRYABLE.includes(answer.status)
  return new SendError(`${permanent ? 'Permanent error: ' : ''}rpc error: code = ${code} desc = ${words}`, {
    permanent,
    ...(seconds > 0 ? { throttleMs: seconds * 1000 } : {}),
  })
}
