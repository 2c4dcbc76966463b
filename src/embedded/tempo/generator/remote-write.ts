import { request } from 'node:http'

/** One series of a remote-write 1.0 request; times in milliseconds. */
export interface WriteSeries {
  labels: (readonly [string, string])[]
  samples: { value: number; time: number }[]
}

const HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
  'user-agent': 'otel-lab-tempo',
}
const TIMEOUT_MS = 10_000
const MAX_ANSWER = 1000

/**
 * Posts to `url`, dialling `address`. Resolves to undefined when it arrived, else to what the receiver said; `final`
 * when it will not help to send the same again.
 */
export function post(
  url: URL,
  address: { host: string; port: number },
  series: readonly WriteSeries[],
): Promise<{ message: string; final: boolean } | undefined> {
  const body = literalSnappy(encodeWriteRequest(series))
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ message: error.message, final: false })
    const outgoing = request({
      host: address.host,
      port: address.port,
      path: url.pathname + url.search,
      method: 'POST',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { ...HEADERS, host: url.host, 'content-length': body.length },
    })
    outgoing.on('error', failed)
    outgoing.on('response', (incoming) => {
      let answer = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (chunk: string) => {
        if (answer.length < MAX_ANSWER) answer += chunk
      })
      incoming.on('error', failed)
      incoming.on('end', () => {
        const status = incoming.statusCode ?? 0
        if (status >= 200 && status < 300) resolve(undefined)
        else {
          const final = status >= 400 && status < 500 && status !== 429
          resolve({ message: `server returned HTTP status ${status}: ${answer.trim()}`, final })
        }
      })
    })
    outgoing.end(body)
  })
}

/** prometheus/prompb remote.proto and types.proto: WriteRequest, labels in the order of their names. */
export function encodeWriteRequest(series: readonly WriteSeries[]): Buffer {
  return Buffer.concat(
    series.map(({ labels, samples }) => {
      const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : 1))
      return field(
        1,
        Buffer.concat([
          ...sorted.map(([name, value]) =>
            field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
          ),
          ...samples.map(({ value, time }) => {
            const double = Buffer.alloc(9)
            double[0] = 0x09
            double.writeDoubleLE(value, 1)
            return field(2, Buffer.concat([double, Buffer.from([0x10]), varint(time)]))
          }),
        ]),
      )
    }),
  )
}

const field = (number: number, bytes: Buffer) => Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes])

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

/** Snappy's block format with literals alone: valid for every reader, and loopback needs no smaller. */
export function literalSnappy(bytes: Buffer): Buffer {
  const parts: Buffer[] = [varint(bytes.length)]
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536)
    // Tag 61: the length less one is in the next two bytes.
    parts.push(Buffer.from([61 << 2, (part.length - 1) & 0xff, (part.length - 1) >> 8]), part)
  }
  return Buffer.concat(parts)
}
