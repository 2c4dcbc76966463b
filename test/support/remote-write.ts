export interface WrittenSeries {
  labels: Record<string, string>
  samples: WrittenSample[]
}

export interface WrittenSample {
  time: number
  value: number | typeof STALE
}

/** A remote write 1.0 request, as Prometheus sends them: snappy around protobuf. */
export function remoteWriteBody(series: readonly WrittenSeries[]): Buffer {
  const bytes = Buffer.concat(
    series.map(({ labels, samples }) =>
      field(
        1,
        Buffer.concat([
          ...Object.entries(labels)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, value]) =>
              field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
            ),
          ...samples.map(({ time, value }) => field(2, sample(time, value))),
        ]),
      ),
    ),
  )
  return snappy(bytes)
}

/** Stands for a staleness marker: no number that anybody measures. */
export const STALE = Symbol('stale')
const STALE_BITS = 0x7ff0000000000002n

function sample(time: number, value: number | typeof STALE): Buffer {
  const double = Buffer.alloc(9)
  double[0] = 0x09
  if (value === STALE) double.writeBigUInt64LE(STALE_BITS, 1)
  else double.writeDoubleLE(value, 1)
  return Buffer.concat([double, Buffer.from([0x10]), varint(time)])
}

const field = (number: number, bytes: Buffer) =>
  Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes])

function varint(value: number): Buffer {
  const out: number[] = []
  let rest = BigInt(value)
  do {
    out.push(Number(rest & 127n) | (rest > 127n ? 128 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Buffer.from(out)
}

/** Snappy that compresses nothing: literals only. */
function snappy(bytes: Buffer): Buffer {
  const parts = [varint(bytes.length)]
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536)
    const length = part.length - 1
    parts.push(Buffer.from([61 << 2, length & 255, length >> 8]), part)
  }
  return Buffer.concat(parts)
}

/** Sends a request and rejects unless it was taken. */
export async function remoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const answer = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: new Uint8Array(remoteWriteBody(series)),
  })
  if (!answer.ok) throw new Error(`${url} refused a remote write: ${answer.status} ${await answer.text()}`)
}
