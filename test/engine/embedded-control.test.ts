import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { askStatus, type RunFile } from '../../src/engine/embedded/control.ts'

test('a process that closes every connection, out of file descriptors, is hung and not gone', async () => {
  const server = createServer((socket) => socket.destroy())
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  )
  const run: RunFile = { pid: process.pid, port, token: 't', portOffset: 0, startedAt: '' }
  await expect(askStatus(run)).rejects.toMatchObject({ code: 'lab-hung', hint: expect.stringContaining('ulimit') })
  server.close()
  expect(await askStatus(run)).toBeUndefined()
})
