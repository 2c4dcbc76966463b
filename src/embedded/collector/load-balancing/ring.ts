import { crc32 } from 'node:zlib'

const POSITIONS = 131_071
const POINTS = 200
const PROBES = 10

/** Which endpoint has what hashes to a place on a ring: the next behind it, as loadbalancingexporter's consistent_hashing.go has it. */
export function createRing(endpoints: readonly string[]): (identifier: string | Uint8Array) => string {
  const candidates = endpoints.flatMap((endpoint) =>
    Array.from({ length: POINTS }, (_, i) => {
      const number = Buffer.alloc(4)
      number.writeUInt32LE(i)
      const hash = crc32(Buffer.concat([Buffer.from(endpoint), number]))
      return { hash, position: hash % POSITIONS, endpoint }
    }),
  )
  candidates.sort(
    (a, b) =>
      a.position - b.position || a.hash - b.hash || (a.endpoint < b.endpoint ? -1 : a.endpoint > b.endpoint ? 1 : 0),
  )
  const taken = new Map<number, string>()
  for (const { position, endpoint } of candidates) {
    let [at, probed] = [position, 0]
    // The next free place, if one is near.
    while (taken.has(at) && probed < PROBES) {
      at = (at + 1) % POSITIONS
      probed++
    }
    if (probed < PROBES) taken.set(at, endpoint)
  }
  const items = [...taken].sort(([a], [b]) => a - b)
  return (identifier) => {
    const position = crc32(identifier) % POSITIONS
    let [low, high] = [0, items.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (items[middle]![0] < position) low = middle + 1
      else high = middle
    }
    return (items[low] ?? items[0]!)[1]
  }
}
