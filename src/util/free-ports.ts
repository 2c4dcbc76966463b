import { createServer } from 'node:net'

/** The highest of a lab's ports stays below those that Linux gives to outgoing connections (32768 and up). */
const OFFSETS = 18_000

/** An offset at which all of these ports are free at this moment. */
export async function freePortOffset(ports: readonly number[], random: () => number): Promise<number> {
  for (let turn = 0; turn < 200; turn++) {
    const offset = 1_000 + Math.floor(random() * OFFSETS)
    const free = await Promise.all(ports.map((port) => isFree(port + offset)))
    if (free.every(Boolean)) return offset
  }
  throw new Error('no free ports were found')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })
}
