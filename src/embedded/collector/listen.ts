import type { TlsOptions } from 'node:tls'
import type { Hono } from 'hono'
import { LabError } from '../../errors.ts'
import type { DoorRules } from '../../util/door.ts'
import { serveHttp } from '../http.ts'
import type { Network } from '../network.ts'

const SERVICE = 'otel-collector'

/** The port of an endpoint such as `0.0.0.0:4317` or `[::]:4317`. */
export function portOf(endpoint: string): number {
  return Number(/:(\d+)$/.exec(endpoint)?.[1] ?? 0)
}

/** Binds what the config calls `port` and tells the network; the words of a failure are Go's. */
export async function listen<T extends { port: number }>(
  network: Network,
  port: number,
  bind: (port: number) => Promise<T>,
): Promise<T & { forget(): void }> {
  const wanted = network.bindPort(SERVICE, port)
  try {
    const server = await bind(wanted)
    network.register(SERVICE, port, server.port)
    return Object.assign(server, { forget: () => network.unregister(SERVICE, port) })
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'port-taken') throw error
    throw new LabError('port-taken', `listen tcp 127.0.0.1:${wanted}: bind: address already in use`, {
      facts: { port: wanted },
      hint: 'otel-lab doctor',
      cause: error,
    })
  }
}

/** An HTTP page of a component, as a component. */
export function page(
  network: Network,
  endpoint: string,
  app: Hono,
  allowOrigin?: DoorRules['allowOrigin'],
  tls?: TlsOptions,
) {
  const doors = { hosts: network.hosts, ...(allowOrigin ? { allowOrigin } : {}) }
  let server: Awaited<ReturnType<typeof bind>> | undefined
  const bind = () =>
    listen(network, portOf(endpoint), (port) => serveHttp(app, { port, doors, ...(tls ? { tls } : {}) }))
  return {
    async start() {
      server = await bind()
    },
    async stop() {
      server?.forget()
      await server?.close()
    },
  }
}
