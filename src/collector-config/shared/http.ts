import {
  any,
  bool,
  type Complaint,
  duration,
  int,
  list,
  maybeList,
  off,
  oneOf,
  pointer,
  type Schema,
  string,
  strings,
  struct,
} from '../schema.ts'
import { clientTls, compressionParams, dialer, serverTls } from './tls.ts'

export const TRANSPORTS = [
  'tcp',
  'tcp4',
  'tcp6',
  'udp',
  'udp4',
  'udp6',
  'ip',
  'ip4',
  'ip6',
  'unix',
  'unixgram',
  'unixpacket',
  '',
]
const COMPRESSIONS = ['gzip', 'zlib', 'deflate', 'snappy', 'x-snappy-framed', 'zstd', 'lz4', 'none', '']

export const compression = (value: string) =>
  oneOf(COMPRESSIONS, value, (text) => `unsupported compression type ${JSON.stringify(text)}`)

/** A map of headers, or a list of {name, value}; always a map once decoded. */
export const headers = (): Schema<Record<string, string>> => ({ kind: 'map', of: string(), pairs: true, default: {} })

/** confighttp: which levels go with which compression. */
export function* compressionParamProblems(client: {
  compression: string
  compression_params: { level: number }
}): Generator<Complaint> {
  const { compression, compression_params: params } = client
  const { level } = params
  if (compression === 'zstd' || level === 0) return
  if (['gzip', 'zlib', 'deflate'].includes(compression) && level >= -2 && level <= 9) return
  if (compression === '' || compression === 'none') return
  const message = `unsupported parameters {Level:${level}} for compression type ${JSON.stringify(compression)}`
  yield { message, key: ['compression_params'], section: 'clientconfig' }
}

export interface ServerDefaults {
  endpoint?: string
  writeTimeout?: number
  readHeaderTimeout?: number
  idleTimeout?: number
  keepAlives?: boolean
}

/** config/confighttp ServerConfig, as fields to be squashed. `max_request_body_size` 0 means 20 MiB. */
export const httpServer = (defaults: ServerDefaults = {}) => ({
  endpoint: string(defaults.endpoint ?? ''),
  transport: oneOf(TRANSPORTS, 'tcp', (text) => `unsupported transport type ${JSON.stringify(text)}`),
  dialer: dialer(),
  tls: pointer(serverTls()),
  cors: off(
    struct('confighttp.CORSConfig', {
      allowed_origins: strings(),
      allowed_headers: strings(),
      exposed_headers: strings(),
      max_age: int(),
    }),
  ),
  auth: off(struct('confighttp.AuthConfig', { authenticator: string(), request_params: strings() })),
  max_request_body_size: int(0, 'int64'),
  include_metadata: bool(),
  response_headers: headers(),
  compression_algorithms: maybeList(string()),
  read_timeout: duration(),
  read_header_timeout: duration(defaults.readHeaderTimeout ?? 60_000),
  write_timeout: duration(defaults.writeTimeout ?? 30_000),
  idle_timeout: duration(defaults.idleTimeout ?? 60_000),
  middlewares: maybeList(any()),
  keep_alives_enabled: bool(defaults.keepAlives ?? true),
})

/** config/confighttp ClientConfig, as fields to be squashed; with the OTLP/HTTP exporter's defaults. */
export const httpClient = () => ({
  endpoint: string(),
  proxy_url: string(),
  tls: clientTls(),
  read_buffer_size: int(),
  write_buffer_size: int(512 * 1024),
  timeout: duration(30_000),
  headers: headers(),
  auth: off(struct('configauth.Config', { authenticator: string() })),
  compression: compression('gzip'),
  compression_params: compressionParams(),
  max_idle_conns: int(100),
  max_idle_conns_per_host: int(),
  max_conns_per_host: int(),
  idle_conn_timeout: duration(90_000),
  disable_keep_alives: bool(),
  http2_read_idle_timeout: duration(),
  http2_ping_timeout: duration(),
  cookies: off(struct('confighttp.CookiesConfig', {})),
  force_attempt_http2: bool(true),
  middlewares: list(any()),
})
