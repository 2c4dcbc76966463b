import { crc32 } from 'node:zlib'
import { isPlain, type Needle } from '../logql/source.ts'

/**
 * Says of a block what it cannot hold, without taking it off the disk: a bloom filter over its words (runs of letters
 * and digits within a line), over the values of its metadata, and over a sample of its pieces of 8 bytes, so that
 * texts within words can be looked for too. The sample is the smallest of each 24 pieces in a row by their hash
 * (winnowing): whoever looks for a text of 31 bytes or more picks one that the block has picked as well.
 * On disk: CRC-32 of the rest (u32), whether a line has escapes (u8), the bits.
 */
const PIECE = 8
const WINDOW = 24
const BITS_EACH = 10
const PROBES = 5
const HEAD = 5
const BASE = 0x01000193
/** BASE ** PIECE, what the byte that leaves a piece has been multiplied with. */
const LEAVING = (() => {
  let power = 1
  for (let i = 0; i < PIECE; i++) power = Math.imul(power, BASE)
  return power
})()
const WORD_SEED = 0x3c6ef372
const VALUE_SEED = 0x2545f491
const RECENT = 4096

export function encodeFilter(lineBytes: Buffer, lengths: Uint32Array, values: Iterable<string>): Buffer {
  const hashes = new Set<number>()
  eachPiece(lineBytes, (hash) => hashes.add(hash))
  eachWord(lineBytes, lengths, (hash) => hashes.add(hash))
  for (const value of values) hashes.add(valueHash(value))
  const packed = Buffer.alloc(HEAD + Math.max(8, Math.ceil((hashes.size * BITS_EACH) / 8)))
  packed[4] = hasEscapes(lineBytes) ? 1 : 0
  const bits = (packed.length - HEAD) * 8
  for (const hash of hashes) {
    for (let i = 0; i < PROBES; i++) {
      const bit = probe(hash, i, bits)
      packed[HEAD + (bit >>> 3)]! |= 1 << (bit & 7)
    }
  }
  packed.writeUInt32LE(crc32(packed.subarray(4)), 0)
  return packed
}

export class BlockFilter {
  readonly #packed: Buffer

  private constructor(packed: Buffer) {
    this.#packed = packed
  }

  /** Undefined when it is damaged. */
  static of(packed: Buffer): BlockFilter | undefined {
    if (packed.length <= HEAD || crc32(packed.subarray(4)) !== packed.readUInt32LE(0)) return undefined
    return new BlockFilter(packed)
  }

  /** Whether a line may contain the text. */
  mayContain(text: string): boolean {
    const bytes = Buffer.from(text)
    let may = true
    const look = (hash: number) => {
      may &&= this.#has(hash)
    }
    eachPiece(bytes, look)
    // The words at its ends may be parts of longer ones.
    const inner = text.replace(/^[A-Za-z0-9\u0080-\uffff]+|[A-Za-z0-9\u0080-\uffff]+$/g, '')
    eachWord(Buffer.from(inner), undefined, look)
    return may
  }

  /** Whether metadata may have the value. */
  mayHaveLabelValue(value: string): boolean {
    return this.#has(valueHash(value))
  }

  /** Whether a parser may find the value in a line, or metadata have it. */
  mayHold({ value, whole }: Needle): boolean {
    if (this.#packed[4] === 1 || this.mayHaveLabelValue(value)) return true
    if (!whole) return this.mayContain(value)
    let may = true
    eachWord(Buffer.from(value), undefined, (hash) => {
      may &&= this.#has(hash)
    })
    return may
  }

  #has(hash: number): boolean {
    const bits = (this.#packed.length - HEAD) * 8
    for (let i = 0; i < PROBES; i++) {
      const bit = probe(hash, i, bits)
      if ((this.#packed[HEAD + (bit >>> 3)]! & (1 << (bit & 7))) === 0) return false
    }
    return true
  }
}

function mix(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const probe = (hash: number, i: number, bits: number) =>
  ((hash + Math.imul(i, mix(hash ^ VALUE_SEED) | 1)) >>> 0) % bits

function valueHash(value: string): number {
  let hash = VALUE_SEED
  for (const byte of Buffer.from(value)) hash = Math.imul(hash ^ byte, BASE)
  return mix(hash) >>> 0
}

/** Hashes of the sampled pieces; of one that was met just before only once. */
function eachPiece(bytes: Buffer, take: (hash: number) => void): void {
  const recent = new Float64Array(RECENT).fill(-1)
  const ring = new Float64Array(WINDOW)
  let rolling = 0
  let least = -1
  for (let end = 0; end < bytes.length; end++) {
    rolling = (Math.imul(rolling, BASE) + bytes[end]! + 1) | 0
    if (end >= PIECE) rolling = (rolling - Math.imul(bytes[end - PIECE]! + 1, LEAVING)) | 0
    const at = end - PIECE + 1
    if (at < 0) continue
    const hash = mix(rolling) >>> 0
    ring[at % WINDOW] = hash
    if (least >= 0 && least <= at - WINDOW) {
      // The smallest has left the window, and its place in the ring is taken already.
      least = at - WINDOW + 1
      for (let i = least + 1; i <= at; i++) if (ring[i % WINDOW]! <= ring[least % WINDOW]!) least = i
    } else if (least < 0 || hash <= ring[least % WINDOW]!) least = at
    else if (at >= WINDOW) continue
    if (at < WINDOW - 1) continue
    const chosen = ring[least % WINDOW]!
    if (recent[chosen % RECENT] === chosen) continue
    recent[chosen % RECENT] = chosen
    take(chosen)
  }
}

/** 1 for letters, digits and all that is not ASCII. */
const IN_WORD = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 128 || /[A-Za-z0-9]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** Hashes of the words; none goes over the end of a line. */
function eachWord(bytes: Buffer, lengths: Uint32Array | undefined, take: (hash: number) => void): void {
  const recent = new Float64Array(RECENT).fill(-1)
  let at = 0
  for (const length of lengths ?? [bytes.length]) {
    const end = at + length
    while (at < end) {
      if (IN_WORD[bytes[at]!] === 0) {
        at++
        continue
      }
      let hash = WORD_SEED
      while (at < end && IN_WORD[bytes[at]!] === 1) hash = Math.imul(hash ^ bytes[at++]!, BASE)
      hash = mix(hash) >>> 0
      if (recent[hash % RECENT] === hash) continue
      recent[hash % RECENT] = hash
      take(hash)
    }
  }
}

/**
 * Whether a value with a plain spelling may be spelled otherwise in a line: `\u0061`, `\x61`, `\141`, or with a
 * replacement character in it, which `json` takes out.
 */
export const mayEscape = (line: string) => /\\[uUx0-7]|\ufffd/.test(line)

function hasEscapes(bytes: Buffer): boolean {
  if (bytes.includes('\ufffd')) return true
  for (let at = bytes.indexOf(92); at >= 0; at = bytes.indexOf(92, at + 1)) {
    const next = String.fromCharCode(bytes[at + 1] ?? 0)
    if (next === 'u') {
      const code = Number.parseInt(bytes.toString('latin1', at + 2, at + 6), 16)
      // Another character than those of a plain value does no harm.
      if (!(code > 0) || code === 0xfffd || isPlain(String.fromCharCode(code))) return true
    } else if (/[Ux0-7]/.test(next)) return true
  }
  return false
}
