import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

export interface TestRegistry {
  /** `127.0.0.1:port`, which a daemon takes over plain HTTP. */
  host: string
  /** How many layers of `lab/slow:1` somebody waits for. */
  waiting(): number
  /** From now on the layers of `lab/slow:1` come at once. */
  release(): void
  close(): void
}

/**
 * A registry (OCI distribution specification) that has `lab/there:1` of three layers, and the same as `lab/slow:1`,
 * whose layers stop halfway until they are released; `lab/limited:1` is refused by its limit, and everything else is
 * unknown. With a `login`, `user:password`, nobody else is let in.
 */
export async function startRegistry(options: { login?: string } = {}): Promise<TestRegistry> {
  const blobs = new Map<string, Buffer>()
  const put = (bytes: Buffer) => {
    const digest = digestOf(bytes)
    blobs.set(digest, bytes)
    return { digest, size: bytes.length }
  }
  const tars = ['one', 'two', 'three'].map((name) => tarOf(name, randomBytes(200_000)))
  const layers = tars.map((tar) => ({ mediaType: `${DOCKER}.image.rootfs.diff.tar.gzip`, ...put(gzipSync(tar)) }))
  const config = JSON.stringify({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
    history: tars.map(() => ({ created_by: 'test' })),
  })
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: `${DOCKER}.distribution.manifest.v2+json`,
      config: { mediaType: `${DOCKER}.container.image.v1+json`, ...put(Buffer.from(config)) },
      layers,
    }),
  )
  let released = false
  const waiting = new Map<ServerResponse, Buffer>()
  const server: Server = createServer((request, answer) => {
    const [, name, kind, reference] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(request.url ?? '') ?? []
    const send = (bytes: Buffer, type: string) => {
      answer.setHeader('content-type', type)
      answer.setHeader('docker-content-digest', digestOf(bytes))
      answer.setHeader('content-length', bytes.length)
      answer.end(request.method === 'HEAD' ? undefined : bytes)
    }
    const refuse = (status: number, code: string) => {
      answer.statusCode = status
      answer.setHeader('content-type', 'application/json')
      answer.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] }))
    }
    const wanted = options.login && `Basic ${Buffer.from(options.login).toString('base64')}`
    if (wanted && request.headers.authorization !== wanted) {
      answer.setHeader('www-authenticate', 'Basic realm="lab"')
      return refuse(401, 'UNAUTHORIZED')
    }
    if (name === undefined) return answer.end('{}')
    if (name === 'lab/limited') return refuse(429, 'TOOMANYREQUESTS')
    const isThere =
      (name === 'lab/there' || name === 'lab/slow') && (reference === '1' || reference === digestOf(manifest))
    if (kind === 'manifests' && isThere) return send(manifest, `${DOCKER}.distribution.manifest.v2+json`)
    const blob = blobs.get(reference ?? '')
    if (blob && name === 'lab/slow' && !released && request.method === 'GET' && reference !== digestOf(config)) {
      answer.setHeader('content-length', blob.length)
      answer.write(blob.subarray(0, blob.length / 2))
      waiting.set(answer, blob.subarray(blob.length / 2))
      return answer.once('close', () => waiting.delete(answer))
    }
    if (kind === 'blobs' && blob) return send(blob, 'application/octet-stream')
    return refuse(404, 'MANIFEST_UNKNOWN')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    waiting: () => waiting.size,
    release: () => {
      released = true
      for (const [answer, rest] of waiting) answer.end(rest)
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const DOCKER = 'application/vnd.docker'

const digestOf = (bytes: Buffer | string) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** A tar archive of one file (POSIX ustar: a header of 512 bytes, then the content padded to 512). */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512)
  header.write(name)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\u000000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512), Buffer.alloc(1024)])
}
