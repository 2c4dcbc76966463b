import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { queryFault } from '../../src/backends/query-fault.ts'
import { tempoClient } from '../../src/backends/tempo.ts'
import { openBackends } from '../../src/backends.ts'
import { EXIT, LabError } from '../../src/errors.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A stranger where a backend should be. */
async function stranger(status: number, type: string, body: string | undefined): Promise<string> {
  server = createServer((_, answer) => {
    answer.writeHead(status, { 'content-type': type })
    if (body !== undefined) answer.end(body)
    else answer.flushHeaders()
  })
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error as LabError,
  )

test('nothing listens: who, where and the next command, but no secret', async () => {
  const url = await stranger(200, 'text/plain', '')
  await new Promise((done) => server!.close(done))
  const address = { url: url.replace('//', '//user:hunter2@'), headers: { authorization: 'Bearer hunter3' } }
  const { tempo, prometheus, loki } = openBackends({ tempo: address, prometheus: address, loki: address })
  for (const [name, call] of [
    ['Tempo', tempo.search('{}')],
    ['Prometheus', prometheus.query('up')],
    ['Loki', loki.labels()],
  ] as const) {
    const error = await failure(call)
    expect(error).toBeInstanceOf(LabError)
    expect(error).toMatchObject({
      code: 'backend-unreachable',
      message: `${name} does not answer at ${url}: nothing listens there`,
      hint: expect.stringContaining('otel-lab status'),
      exit: EXIT.broken,
    })
    expect(JSON.stringify(error) + error.stack).not.toMatch(/hunter/)
  }
})

test('too slow is told from broken, and a caller may give up first', async () => {
  const tempo = tempoClient({ url: await stranger(200, 'text/plain', undefined) })
  expect(await failure(tempo.search('{}', { timeoutMs: 50 }))).toMatchObject({ code: 'backend-slow', exit: EXIT.slow })
  const signal = AbortSignal.timeout(30)
  expect(await failure(tempo.search('{}', { signal }))).toBe(signal.reason)
})

test('who does not let us in, and who is someone else', async () => {
  const asked = async (status: number, type: string, body: string) => {
    server?.close()
    const url = await stranger(status, type, body)
    const { tempo, prometheus } = openBackends({ tempo: { url }, prometheus: { url }, loki: { url } })
    return [await failure(tempo.traceById('1')), await failure(prometheus.query('up'))].map(({ code }) => code)
  }
  expect(await asked(401, 'text/plain', 'no')).toEqual(['backend-refused', 'backend-refused'])
  expect(await asked(404, 'text/html', '<html>')).toEqual(['backend-foreign', 'backend-failed'])
  expect(await asked(500, 'text/plain', 'boom')).toEqual(['backend-failed', 'backend-failed'])
})

test('the place of a fault, in each dialect', () => {
  const at = (message: string, query: string) => {
    const { position, length } = queryFault(message, query)
    return query.slice(position, position + length)
  }
  expect(at('parse error at line 1, col 13: syntax error: unexpected IDENTIFIER', '{job="ü"} | nope')).toBe('nope')
  expect(at('parse error at line 2, col 3: unexpected', '{a="b"}\n| =')).toBe('=')
  // Prometheus counts bytes: ü is two.
  expect(at('invalid parameter "query": 1:13: parse error: unexpected', 'a{b="üü"} or or')).toBe('or')
  expect(at('many-to-many matching not allowed', 'a * b')).toBe('a * b')
})
