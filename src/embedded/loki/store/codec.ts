import type { Entry, Labels } from '../logql/source.ts'
import { encodeFilter } from './filter.ts'

/**
 * Log lines of one stream as bytes, in columns, so that they compress well and a reader can pass over a block
 * without taking it apart. Little-endian throughout: counts (7 x u32), times (i64), lengths of the lines and of the
 * symbols in bytes (u32), pairs of symbols (2 x u32), number of pairs of each line (u32), pairs of the lines
 * (u32), all lines as UTF-8, all symbols as UTF-8.
 */
const HEADER = 7

/** The block, and the filter that says what is not in it. */
export function encodeBlock(entries: readonly Entry[]): { bytes: Buffer; filter: Buffer } {
  const symbols = new Map<string, number>()
  const symbol = (text: string) => {
    let at = symbols.get(text)
    if (at === undefined) {
      at = symbols.size
      symbols.set(text, at)
    }
    return at
  }
  const known = new Map<number, number>()
  const pairs: number[] = []
  const pair = (of: Labels[number]) => {
    const name = symbol(of[0])
    const value = symbol(of[1])
    // Exact for fewer than 2^26 symbols, which a block cannot have.
    const key = name * 2 ** 26 + value
    let at = known.get(key)
    if (at === undefined) {
      at = pairs.length / 2
      pairs.push(name, value)
      known.set(key, at)
    }
    return at
  }
  const refs: number[] = []
  const counts = new Uint32Array(entries.length)
  const lengths = new Uint32Array(entries.length)
  const times = new BigInt64Array(entries.length)
  const lines: string[] = []
  for (let i = 0; i < entries.length; i++) {
    const { nanos, line, metadata } = entries[i]!
    times[i] = nanos
    lengths[i] = Buffer.byteLength(line)
    counts[i] = metadata.length
    lines.push(line)
    for (const of of metadata) refs.push(pair(of))
  }
  const symbolList = [...symbols.keys()]
  const symbolLengths = Uint32Array.from(symbolList, (text) => Buffer.byteLength(text))
  const lineBytes = textBytes(lines, lengths)
  const symbolBytes = textBytes(symbolList, symbolLengths)
  const header = Uint32Array.of(
    entries.length,
    symbolList.length,
    pairs.length / 2,
    refs.length,
    lineBytes.length,
    symbolBytes.length,
    0,
  )
  const bytes = Buffer.concat([
    ...[header, times, lengths, symbolLengths, Uint32Array.from(pairs), counts, Uint32Array.from(refs)].map(
      ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength),
    ),
    lineBytes,
    symbolBytes,
  ])
  return { bytes, filter: encodeFilter(lineBytes, lengths, symbolList) }
}

/** Each by itself: joined first, halves of a broken surrogate pair at the ends of two texts would become one character. */
function textBytes(texts: readonly string[], lengths: Uint32Array): Buffer {
  let total = 0
  for (const length of lengths) total += length
  const bytes = Buffer.allocUnsafe(total)
  let at = 0
  for (let i = 0; i < texts.length; i++) {
    bytes.write(texts[i]!, at, 'utf8')
    at += lengths[i]!
  }
  return bytes
}

/** An encoded block, taken apart only as far as it is read. */
export class Block {
  readonly times: BigInt64Array
  readonly count: number
  readonly #lengths: Uint32Array
  readonly #symbolLengths: Uint32Array
  readonly #pairRefs: Uint32Array
  readonly #counts: Uint32Array
  readonly #refs: Uint32Array
  readonly #lineBytes: Buffer
  readonly #symbolBytes: Buffer
  #lineStarts: Uint32Array | undefined
  #refStarts: Uint32Array | undefined
  #pairs: Labels[number][] | undefined

  /** Throws RangeError when the bytes are no block. */
  constructor(bytes: Buffer) {
    // Typed arrays need aligned memory, which a slice need not be.
    let at = 0
    const take = (size: number) => {
      if (at + size > bytes.length) throw new RangeError('the block ends early')
      at += size
      return bytes.buffer.slice(bytes.byteOffset + at - size, bytes.byteOffset + at)
    }
    const words = (count: number) => new Uint32Array(take(count * 4))
    const [count, symbols, pairs, refs, lineBytes, symbolBytes] = words(HEADER) as unknown as number[]
    this.count = count!
    this.times = new BigInt64Array(take(count! * 8))
    this.#lengths = words(count!)
    this.#symbolLengths = words(symbols!)
    this.#pairRefs = words(pairs! * 2)
    this.#counts = words(count!)
    this.#refs = words(refs!)
    this.#lineBytes = Buffer.from(take(lineBytes!))
    this.#symbolBytes = Buffer.from(take(symbolBytes!))
  }

  /** Whether any line may hold all of `texts`. */
  mayContain(texts: readonly string[]): boolean {
    return texts.every((text) => this.#lineBytes.includes(text))
  }

  /** Whether all of `values` may be values of metadata. */
  mayHaveLabelValue(values: readonly string[]): boolean {
    return values.every((value) => this.#symbolBytes.includes(value))
  }

  entry(index: number): Entry {
    this.#lineStarts ??= starts(this.#lengths)
    this.#refStarts ??= starts(this.#counts)
    const pairs = this.#allPairs()
    const from = this.#lineStarts[index]!
    const metadata: Labels[number][] = []
    const refsEnd = this.#refStarts[index]! + this.#counts[index]!
    for (let i = this.#refStarts[index]!; i < refsEnd; i++) metadata.push(pairs[this.#refs[i]!]!)
    // A string of its own: a slice of all lines would keep them in memory for the sake of one that was found.
    const line = this.#lineBytes.toString('utf8', from, from + this.#lengths[index]!)
    return { nanos: this.times[index]!, line, metadata }
  }

  /** Each pair is made once and shared by its lines. */
  #allPairs(): Labels[number][] {
    if (this.#pairs !== undefined) return this.#pairs
    const symbols: string[] = []
    let at = 0
    for (const length of this.#symbolLengths) {
      symbols.push(this.#symbolBytes.toString('utf8', at, at + length))
      at += length
    }
    this.#pairs = []
    for (let i = 0; i < this.#pairRefs.length; i += 2) {
      this.#pairs.push([symbols[this.#pairRefs[i]!]!, symbols[this.#pairRefs[i + 1]!]!])
    }
    return this.#pairs
  }
}

function starts(lengths: Uint32Array): Uint32Array {
  const result = new Uint32Array(lengths.length)
  let at = 0
  for (let i = 0; i < lengths.length; i++) {
    result[i] = at
    at += lengths[i]!
  }
  return result
}
