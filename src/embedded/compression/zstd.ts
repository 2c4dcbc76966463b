import { InflateError, tooLarge } from './inflate-error.ts'

const MAGIC = 0xfd2fb528
const SKIPPABLE = 0x184d2a50
const MAX_BLOCK = 128 << 10

/**
 * The calls of zstd itself (RFC 8878), compiled to WebAssembly: the package's own `decompress` guesses how large a
 * frame without a size will be, this takes what we allow.
 */
interface Library {
  decompress(to: number, toBytes: number, from: number, fromBytes: number): number
  isError(code: number): number | boolean
  getErrorName(code: number): string
}
interface Heap {
  dataToHeap(data: Uint8Array): { ptr: number; size: number }
  malloc(bytes: number): { ptr: number; size: number }
  heapToUint8Array(part: { ptr: number; size: number }): Uint8Array
  free(part: { ptr: number; size: number }): void
}

// 240 KB, for whoever sends or receives it.
const load = async () => (await import('@hpcc-js/wasm-zstd')).Zstd.load()

export async function inflateZstd(raw: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const bytes = Math.min(largest(raw), maxBytes)
  if (bytes === 0) return new Uint8Array(0)
  const { _mainModule: heap, _zstdClass: library } = (await load()) as unknown as {
    _mainModule: Heap
    _zstdClass: Library
  }
  // From here on in one go: never more than one is in the codec's memory, which grows and does not shrink.
  const from = heap.dataToHeap(raw)
  const to = heap.malloc(bytes)
  try {
    const size = library.decompress(to.ptr, bytes, from.ptr, from.size)
    if (!library.isError(size)) return heap.heapToUint8Array({ ptr: to.ptr, size }).slice()
    const why = library.getErrorName(size)
    if (/Destination buffer is too small/i.test(why)) throw tooLarge(maxBytes)
    throw new InflateError(`zstd: ${why}`)
  } finally {
    heap.free(to)
    heap.free(from)
  }
}

export async function deflateZstd(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  return (await load()).compress(bytes, level === 0 ? undefined : level)
}

/** What the frames say that they hold, or their blocks can hold at most. Throws where they end early. */
function largest(raw: Uint8Array): number {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const need = (end: number) => {
    if (end > raw.length) throw new InflateError('unexpected EOF')
    return end
  }
  let sum = 0
  for (let at = 0; at < raw.length; ) {
    need(at + 5)
    const magic = view.getUint32(at, true)
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      need(at + 8)
      at = need(at + 8 + view.getUint32(at + 4, true))
      continue
    }
    if (magic !== MAGIC) throw new InflateError('invalid input: magic number mismatch')
    const flags = raw[at + 4]!
    const single = (flags >> 5) & 1
    const sizeBytes = [single, 2, 4, 8][flags >> 6]!
    at = need(at + 5 + (1 - single) + [0, 1, 2, 4][flags & 3]! + sizeBytes)
    const said = sizeBytes === 0 ? undefined : sizeAt(view, at - sizeBytes, sizeBytes)
    let blocks = 0
    for (let last = false; !last; ) {
      need(at + 3)
      const head = view.getUint16(at, true) | (raw[at + 2]! << 16)
      last = (head & 1) === 1
      const kind = (head >> 1) & 3
      blocks += kind === 2 ? MAX_BLOCK : head >> 3
      at = need(at + 3 + (kind === 1 ? 1 : head >> 3))
    }
    at = need(at + (flags & 4 ? 4 : 0))
    sum += Math.min(said ?? blocks, blocks)
  }
  return sum
}

function sizeAt(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at)
  if (bytes === 2) return view.getUint16(at, true) + 256
  return bytes === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true))
}
