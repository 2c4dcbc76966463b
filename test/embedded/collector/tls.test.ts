import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
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

test.each(BOTH)('%s: who speaks without TLS to a door with it gets nowhere', async (protocol) => {
  const plain = protocol === 'grpc' ? 'insecure: true' : 'insecure: false'
  const { arrived, said } = await chain(protocol, pair('server.pem'), plain)
  await until(() => /Exporting failed/.test(said()), 20_000)
  expect(arrived()).toBe(false)
})
