import { createServer, type Server, type Socket } from 'node:net'

/** How a connection of HTTP/2 begins, whoever opens it. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n')
/** Whoever opens a connection has this long to say what it speaks. */
const SILENCE_MS = 120_000

/** A server that hands each connection on by its first bytes, as Go's cmux does: gRPC's HTTP/2, or else HTTP/1. */
export function byFirstBytes(http1: (socket: Socket) => void, http2: (socket: Socket) => void): Server {
  const undecided = new Set<Socket>()
  const server = createServer((socket) => {
    undecided.add(socket)
    socket.on('close', () => undecided.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setTimeout(SILENCE_MS, () => socket.destroy())
    let seen = Buffer.alloc(0)
    const look = () => {
      const part = socket.read() as Buffer | null
      if (part === null) return
      seen = Buffer.concat([seen, part])
      const length = Math.min(seen.length, PREFACE.length)
      const same = seen.subarray(0, length).equals(PREFACE.subarray(0, length))
      // So far it may become either.
      if (same && length < PREFACE.length) return
      undecided.delete(socket)
      socket.off('readable', look)
      socket.removeAllListeners('timeout')
      socket.setTimeout(0)
      socket.unshift(seen)
      if (same) http2(socket)
      else http1(socket)
    }
    socket.on('readable', look)
  })
  const close = server.close.bind(server)
  server.close = (done) => {
    for (const socket of undecided) socket.destroy()
    return close(done)
  }
  return server
}
