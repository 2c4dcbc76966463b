import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Relay {
  url: string
  /** Local ports of the connections that it made for the program, by which the collector knows it. */
  ports(): Promise<number[]>
  close(): void
}

/** HTTP/2's connection preface (RFC 9113, 3.4) begins so; gRPC always sends it, an HTTP/1.1 request never. */
const PREFACE = Buffer.from('PRI * HTTP/2.0')

/**
 * One loopback address for both kinds of OTLP. A program may have its exporter written down in its code, so that
 * no OTEL_EXPORTER_OTLP_PROTOCOL tells which of the collector's two ports OTEL_EXPORTER_OTLP_ENDPOINT must name;
 * the first bytes of a connection do. They are passed on unread and unchanged.
 */
export async function openRelay(
  ports: { grpc: number; http: number },
  /** Whether a connection with that local port is the program's; undefined when nobody can tell. */
  isOwn: (port: number, relayPort: number) => Promise<boolean | undefined> = async () => undefined,
): Promise<Relay> {
  const sockets = new Set<Socket>()
  const own: Promise<number | undefined>[] = []
  const server = createServer((client) => {
    sockets.add(client)
    client.on('close', () => sockets.delete(client))
    client.on('error', () => client.destroy())
    client.once('data', (first) => {
      client.pause()
      const isHttp2 = first.subarray(0, 3).equals(PREFACE.subarray(0, Math.min(3, first.length)))
      const upstream = connect(isHttp2 ? ports.grpc : ports.http, '127.0.0.1')
      const { remotePort } = client
      upstream.on('connect', () => {
        const { localPort } = upstream
        const relayPort = (server.address() as AddressInfo).port
        own.push(isOwn(remotePort!, relayPort).then((is) => (is === false ? undefined : localPort)))
      })
      upstream.on('error', () => client.destroy())
      upstream.on('close', () => client.destroy())
      client.on('close', () => upstream.destroy())
      upstream.write(first)
      upstream.pipe(client)
      client.pipe(upstream)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ports: async () => (await Promise.all(own)).filter((port) => port !== undefined),
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
