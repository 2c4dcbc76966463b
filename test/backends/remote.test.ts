import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { openRemote } from '../../src/backends/remote.ts'

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
  vi.unstubAllEnvs()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  ended.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('sends headers and body, gives status, text, date and type', async () => {
  const url = await serve((request, answer) => {
    request.on('data', (body) => {
      answer.writeHead(418, { 'content-type': 'text/plain' })
      answer.end(`${request.method} ${request.headers['x-scope-orgid']} ${body}`)
    })
  })
  const request = await openRemote()
  const answer = await request(`${url}/api`, { method: 'POST', headers: { 'x-scope-orgid': 'lab' }, body: 'q=up' })
  expect(answer).toMatchObject({ status: 418, text: 'POST lab q=up', type: 'text/plain', date: expect.any(String) })
})

test('goes by the proxy that the environment names', async () => {
  const proxied: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket) => {
    proxied.push(request.url!)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  ended.push(() => proxy.close())
  vi.stubEnv('https_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
  vi.stubEnv('no_proxy', '')
  const request = await openRemote()
  await expect(request('https://tempo.example.net/ready', {})).rejects.toThrow()
  expect(proxied).toEqual(['tempo.example.net:443'])
})

test('a slow answer is ETIMEDOUT, a large one ETOOBIG, a closed door ECONNREFUSED', async () => {
  const slow = await serve(() => {})
  const large = await serve((_, answer) => answer.end('x'.repeat(5_000)))
  const request = await openRemote()
  await expect(request(slow, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  await expect(request(large, { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'ETOOBIG' })
  await expect(request('http://127.0.0.1:1', {})).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
