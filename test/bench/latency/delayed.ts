import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a port on which the data takes so much longer: what is pushed on its way there, a page on its way back. */
export async function delayedWay(port: number, ms: number, what: 'push' | 'page') {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    const later = (to: Socket) => (chunk: Buffer) => void setTimeout(() => to.writable && to.write(chunk), ms)
    const now = (to: Socket) => (chunk: Buffer) => void to.write(chunk)
    client.on('data', what === 'push' ? later(upstream) : now(upstream))
    upstream.on('data', what === 'page' ? later(client) : now(client))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
