/** Longer texts are seldom the same. */
const LONGEST = 64
/** Of a message of some spans, and of a whole batch; powers of two. */
const FEW_SLOTS = 64
const MANY_SLOTS = 512
const LARGE_BYTES = 8192

/**
 * The texts of one message, of which most come again and again: keys, names, ids of parents. Comparing bytes with those
 * of a text that is there already costs a third of making it once more, and takes no memory.
 */
export class TextCache {
  readonly #bytes: Uint8Array
  /** The same bytes: a Buffer makes texts faster than a TextDecoder, and in one piece, not as a chain of parts. */
  readonly #buffer: Buffer
  readonly #mask: number
  #texts: string[] | undefined
  /** By slot, where the text was found first. */
  #from: number[] = []
  /** How long it is; negative for an id. */
  #length: number[] = []

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#mask = (bytes.length < LARGE_BYTES ? FEW_SLOTS : MANY_SLOTS) - 1
  }

  /** @param hex whether the bytes are an id */
  get(from: number, length: number, hex: boolean): string {
    if (length > LONGEST) return this.#make(from, length, hex)
    if (length === 0) return ''
    const texts = this.#texts ?? this.#begin()
    const bytes = this.#bytes
    const last = from + length - 1
    const middle = from + (length >> 1)
    let hash = (bytes[from]! * 31 + bytes[middle]!) * 31 + bytes[last]!
    if (length > 3) hash = (hash * 31 + bytes[middle - 1]!) * 31 + bytes[last - 1]!
    const slot = (hash + length) & this.#mask
    const marked = hex ? -length : length
    if (this.#length[slot] === marked && this.#same(this.#from[slot]!, from, last)) return texts[slot]!
    const made = this.#make(from, length, hex)
    texts[slot] = made
    this.#from[slot] = from
    this.#length[slot] = marked
    return made
  }

  #same(known: number, from: number, last: number): boolean {
    const bytes = this.#bytes
    for (let a = known, b = from; b <= last; a++, b++) if (bytes[a] !== bytes[b]) return false
    return true
  }

  #begin(): string[] {
    const slots = this.#mask + 1
    this.#from = new Array<number>(slots).fill(0)
    this.#length = new Array<number>(slots).fill(0)
    this.#texts = new Array<string>(slots).fill('')
    return this.#texts
  }

  #make(from: number, length: number, hex: boolean): string {
    return this.#buffer.toString(hex ? 'hex' : 'utf8', from, from + length)
  }
}
