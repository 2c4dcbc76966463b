import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConnectionOptions, connect, type EphemeralKeyInfo } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chosen } from '../../../src/embedded/collector/tls/choice.ts'
import { createAuthority } from '../../support/certificates.ts'
import { type Bench, bench, spans, until } from './support.ts'

const authority = createAuthority('Lab CA')
const FILES = {
  'ca.pem': authority,
  'other-ca.pem': createAuthority('Another CA'),
  'server.pem': authority.issue('server', ['gateway.test', 'localhost']),
  'client.pem': authority.issue('client', []),
}

let agent: Bench
let gateway: Bench
beforeEach(async () => {
  agent = await bench()
  gateway = await bench()
  for (const [name, { cert, key }] of Object.entries(FILES)) {
    await writeFile(join(agent.dir, name), cert)
    await writeFile(join(agent.dir, `${name}.key`), key, { mode: 0o600 })
  }
})
afterEach(async () => {
  await agent.end()
  await gateway.end()
})

const path = (name: string) => join(agent.dir, name)
const pair = (name: string) => `cert_file: ${path(name)}, key_file: ${path(`${name}.key`)}`

/** A collector that takes OTLP with TLS, and one in front of it; what arrives behind both, and what the first says. */
async function chain(protocol: 'grpc' | 'http', server: string, client: string) {
  const { got } = await gateway.backend()
  const { ports } = await gateway.start(`
receivers: {otlp: {protocols: {${protocol}: {endpoint: '0.0.0.0:5317', tls: {${server}}}}}}
exporters: {otlp_grpc/tempo: {endpoint: 'tempo:4317', tls: {insecure: true}}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc/tempo]}}}
`)
  const endpoint = protocol === 'grpc' ? 'localhost:5317' : 'https://localhost:5317'
  const port = Object.values(ports())[0]!
  const retry = 'retry_on_failure: {initial_interval: 20ms, max_interval: 50ms}'
  await agent.start(`
receivers: {otlp: {protocols: {grpc: {endpoint: 0.0.0.0:4317}}}}
exporters: {otlp_${protocol}: {endpoint: '${endpoint.replace('5317', String(port))}', ${retry}, tls: {${client}}}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_${protocol}]}}}
`)
  await agent.send('traces', spans('secret'))
  return { arrived: () => got.length > 0, said: () => agent.log.join('\n') }
}

const BOTH = ['grpc', 'http'] as const

test.each(BOTH)('%s: with the authority known, spans arrive', async (protocol) => {
  const { arrived } = await chain(protocol, pair('server.pem'), `ca_file: ${path('ca.pem')}`)
  await until(arrived, 20_000)
})

test.each(BOTH)('%s: a server that asks for a certificate lets in who has one', async (protocol) => {
  const { arrived } = await chain(
    protocol,
    `${pair('server.pem')}, client_ca_file: ${path('ca.pem')}`,
    `ca_file: ${path('ca.pem')}, ${pair('client.pem')}`,
  )
  await until(arrived, 20_000)
})

test.each(BOTH)('%s: a server by another name is taken when that name is expected', async (protocol) => {
  const { arrived } = await chain(
    protocol,
    pair('server.pem'),
    `ca_file: ${path('ca.pem')}, server_name_override: gateway.test`,
  )
  await until(arrived, 20_000)
})

test.each(BOTH)('%s: insecure_skip_verify asks nobody who signed', async (protocol) => {
  const { arrived } = await chain(protocol, pair('server.pem'), 'insecure_skip_verify: true')
  await until(arrived, 20_000)
})

const REFUSED: [why: string, server: string, client: string, words: string][] = [
  [
    'nobody knows who signed',
    '',
    `ca_file: ${path0('other-ca.pem')}`,
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  [
    'the certificate is for another name',
    '',
    `ca_file: ${path0('ca.pem')}, server_name_override: elsewhere.test`,
    'tls: failed to verify certificate: x509: certificate is valid for gateway.test, localhost, not elsewhere.test',
  ],
  [
    'the client has no certificate',
    `, client_ca_file: ${path0('ca.pem')}`,
    `ca_file: ${path0('ca.pem')}`,
    'remote error: tls: certificate required',
  ],
]

/** Where a file will be, told when the folder is known. */
function path0(name: string): string {
  return `DIR/${name}`
}

test.each(BOTH.flatMap((protocol) => REFUSED.map((row) => [protocol, ...row] as const)))(
  '%s: nothing passes when %s, and the log says so',
  async (protocol, _, server, client, words) => {
    const at = (text: string) => text.replaceAll('DIR', agent.dir)
    const { arrived, said } = await chain(protocol, pair('server.pem') + at(server), at(client))
    await until(() => said().includes(words), 20_000)
    expect(arrived()).toBe(false)
  },
)

/** What a client of one's own agrees upon with a receiver; its error where there is nothing. */
async function agreed(server: string, client: ConnectionOptions) {
  const { ports } = await gateway.start(`
receivers: {otlp: {protocols: {grpc: {endpoint: '0.0.0.0:5317', tls: {${pair('server.pem')}, ${server}}}}}}
exporters: {debug: {}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
`)
  const port = Object.values(ports())[0]!
  return new Promise<{ cipher: string; curve: string } | { error: string }>((resolve) => {
    const socket = connect({ port, host: 'localhost', rejectUnauthorized: false, ...client }, () => {
      const { name } = socket.getEphemeralKeyInfo() as EphemeralKeyInfo
      resolve({ cipher: socket.getCipher().name, curve: name ?? '' })
      socket.destroy()
    })
    socket.on('error', (error) => resolve({ error: error.message }))
  })
}

const AES_256 = 'max_version: "1.2", cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]'

test.each([
  ['a suite that is named', AES_256, {}, { cipher: 'ECDHE-ECDSA-AES256-GCM-SHA384' }],
  ['TLS 1.3, whatever suites are named', AES_256.replace('1.2', '1.3'), {}, { cipher: /^TLS_/ }],
  ['no other suite', AES_256, { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }, { error: /handshake failure/ }],
  ['a curve that is named', 'curve_preferences: [P384]', {}, { curve: 'secp384r1' }],
  ['no other curve', 'curve_preferences: [P384]', { ecdhCurve: 'P-256' }, { error: /handshake failure/ }],
  ['no version below the least', 'min_version: "1.3"', { maxVersion: 'TLSv1.2' }, { error: /protocol version/ }],
] as const)('of TLS, a receiver agrees upon %s', async (_, server, client, result) => {
  const matching = Object.entries(result).map(([key, value]) => [key, expect.stringMatching(value)])
  expect(await agreed(server, client)).toMatchObject(Object.fromEntries(matching))
})

test('a curve that this Node has not is told of, unless there is another', () => {
  const preferring = (...curve_preferences: string[]) =>
    chosen({ cipher_suites: [], curve_preferences, include_insecure_cipher_suites: false }, '3.0.16')
  expect(preferring('X25519MLKEM768', 'P256')).toEqual({ ecdhCurve: 'P-256' })
  expect(() => preferring('X25519MLKEM768')).toThrow(/X25519MLKEM768 is not to be had here.*add X25519/)
})

test.each(BOTH)('%s: who speaks without TLS to a door with it gets nowhere', async (protocol) => {
  const plain = protocol === 'grpc' ? 'insecure: true' : 'insecure: false'
  const { arrived, said } = await chain(protocol, pair('server.pem'), plain)
  await until(() => /Exporting failed/.test(said()), 20_000)
  expect(arrived()).toBe(false)
})
