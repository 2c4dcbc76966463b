/** What LZ4 and Snappy are made of: bytes as they are, then bytes that were there `offset` before. */
export interface Sequence {
  /** Bytes as they are. */
  from: number
  to: number
  /** 0 at the end, where nothing is repeated. */
  offset: number
  length: number
}

const HASH_BITS = 14

/** Repetitions of at least four bytes, found greedily in one pass; none begins in the last `tail` bytes. */
export function* findMatches(bytes: Uint8Array, maxOffset: number, tail: number): Generator<Sequence> {
  const seen = new Int32Array(1 << HASH_BITS).fill(-1)
  const word = (at: number) => bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
  const end = bytes.length - tail
  let from = 0
  let misses = 0
  for (let at = 0; at + 4 <= end; ) {
    const here = word(at)
    const slot = Math.imul(here, 0x9e3779b1) >>> (32 - HASH_BITS)
    const before = seen[slot]!
    seen[slot] = at
    if (before < 0 || at - before > maxOffset || word(before) !== here) {
      // What does not repeat is passed over faster and faster.
      at += 1 + (misses++ >> 5)
      continue
    }
    misses = 0
    let length = 4
    while (at + length < end && bytes[before + length] === bytes[at + length]) length++
    yield { from, to: at, offset: at - before, length }
    at += length
    from = at
  }
  yield { from, to: bytes.length, offset: 0, length: 0 }
}
