import {
  any,
  bool,
  type Complaint,
  duration,
  int,
  maybeList,
  off,
  on,
  oneOf,
  pointer,
  type SettingsIn,
  string,
  struct,
  uint32,
} from '../schema.ts'
import { listenProblems, splitHostPort } from './endpoint.ts'
import { compression, headers, TRANSPORTS } from './http.ts'
import { clientTls, dialer, serverTls } from './tls.ts'

const auth = () => struct('configauth.Config', { authenticator: string() })

/** config/configgrpc ServerConfig. Sizes are bytes unless the key says MiB. */
export function grpcServer(endpoint: string) {
  const keepalive = struct('configgrpc.KeepaliveServerConfig', {
    server_parameters: on(
      struct('configgrpc.KeepaliveServerParameters', {
        max_connection_idle: duration(),
        max_connection_age: duration(),
        max_connection_age_grace: duration(),
        time: duration(),
        timeout: duration(),
      }),
    ),
    enforcement_policy: on(
      struct('configgrpc.KeepaliveEnforcementPolicy', { min_time: duration(), permit_without_stream: bool() }),
    ),
  })
  return struct(
    'configgrpc.ServerConfig',
    {
      endpoint: string(endpoint),
      transport: oneOf(TRANSPORTS, 'tcp', (text) => `unsupported transport type ${JSON.stringify(text)}`),
      dialer: dialer(),
      tls: pointer(serverTls()),
      max_recv_msg_size_mib: int(),
      max_concurrent_streams: uint32(),
      read_buffer_size: int(512 * 1024),
      write_buffer_size: int(),
      keepalive: on(keepalive),
      auth: off(auth()),
      include_metadata: bool(),
      middlewares: maybeList(any()),
    },
    function* (server) {
      for (const [key, words] of [
        ['max_recv_msg_size_mib', 'invalid max_recv_msg_size_mib value, must be between 1 and 8796093022207'],
        ['read_buffer_size', 'invalid read_buffer_size value'],
        ['write_buffer_size', 'invalid write_buffer_size value'],
      ] as const) {
        if (server[key] < 0) yield { message: `${words}: ${server[key]}`, key: [key] }
      }
      if (server.transport !== 'unix' && server.endpoint !== '')
        yield* listenProblems(server.endpoint, endpoint.replace('localhost', '0.0.0.0'))
    },
  )
}

/** config/configgrpc ClientConfig, as fields to be squashed into an exporter's own. */
export const grpcClient = (endpoint = '') => ({
  endpoint: string(endpoint),
  compression: compression('gzip'),
  tls: clientTls(),
  keepalive: off(
    struct('configgrpc.KeepaliveClientConfig', {
      time: duration(10_000),
      timeout: duration(10_000),
      permit_without_stream: bool(),
    }),
  ),
  read_buffer_size: int(),
  write_buffer_size: int(512 * 1024),
  wait_for_ready: bool(),
  headers: headers(),
  user_agent: string(),
  balancer_name: string('round_robin'),
  authority: string(),
  auth: off(auth()),
  middlewares: maybeList(any()),
})

export function* checkGrpcClient(client: SettingsIn<ReturnType<typeof grpcClient>>): Generator<Complaint> {
  const endpoint = client.endpoint.replace(/^https?:\/\//, '').replace(/^[a-z]+:\/\/[^/]*\//, '')
  const key = ['endpoint']
  const section = 'clientconfig'
  if (endpoint === '') {
    yield {
      message: 'requires a non-empty "endpoint"',
      key,
      hint: 'write where to send to, such as endpoint: tempo:4317',
    }
  } else if (!client.endpoint.startsWith('unix://')) {
    const parts = splitHostPort(endpoint)
    if ('error' in parts)
      yield { message: parts.error, key, section, hint: 'write a host and a port, such as tempo:4317' }
    else if (!/^\d+$/.test(parts.port)) yield { message: `invalid port "${parts.port}"`, key, section }
  }
  if (!['', 'round_robin', 'pick_first'].includes(client.balancer_name)) {
    yield { message: `invalid balancer_name: ${client.balancer_name}`, key: ['balancer_name'], section }
  }
}
