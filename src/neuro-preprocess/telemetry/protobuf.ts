import { type FieldType, MESSAGES } from './metrics-schema.ts'

/** Wire types (protobuf.dev/programming-guides/encoding): 0 varint, 1 eight bytes, 2 length and bytes. */
const WIRE: Record<FieldType, 0 | 1 | 2> = {
  string: 2,
  bytes: 2,
  id: 2,
  bool: 0,
  uint32: 0,
  int64: 0,
  sint32: 0,
  fixed64: 1,
  sfixed64: 1,
  double: 1,
}

/** A request that is there as OTLP/JSON, as protobuf. A field that the schema does not name is a fault of ours. */
export function encodeMessage(message: string, value: object): Buffer {
  const parts: Buffer[] = []
  for (const [name, content] of Object.entries(value)) {
    if (content === undefined || content === null) continue
    const field = MESSAGES[message]?.[name]
    if (!field) throw new Error(`${message}.${name} is not in the schema`)
    const { number, type, packed } = field
    const items: unknown[] = Array.isArray(content) ? content : [content]
    if (typeof type === 'object') {
      for (const item of items)
        parts.push(varint(tag(number, 2)), lengthAnd(encodeMessage(type.message, item as object)))
    } else if (packed) {
      if (items.length > 0)
        parts.push(varint(tag(number, 2)), lengthAnd(Buffer.concat(items.map((i) => scalar(type, i)))))
    } else {
      for (const item of items) parts.push(varint(tag(number, WIRE[type])), scalar(type, item))
    }
  }
  return Buffer.concat(parts)
}

const tag = (field: number, wire: number) => BigInt((field << 3) | wire)

function scalar(type: FieldType, value: unknown): Buffer {
  switch (type) {
    case 'string':
      return lengthAnd(Buffer.from(String(value), 'utf8'))
    // OTLP/JSON writes ids in hex and other bytes in base64.
    case 'id':
      return lengthAnd(Buffer.from(String(value), 'hex'))
    case 'bytes':
      return lengthAnd(Buffer.from(String(value), 'base64'))
    case 'bool':
      return varint(value ? 1n : 0n)
    case 'uint32':
    case 'int64':
      return varint(BigInt.asUintN(64, integer(value)))
    // Zigzag: small whatever the sign.
    case 'sint32':
      return varint(BigInt.asUintN(64, (integer(value) << 1n) ^ (integer(value) >> 63n)))
    case 'fixed64':
    case 'sfixed64': {
      const bytes = Buffer.alloc(8)
      bytes.writeBigUInt64LE(BigInt.asUintN(64, integer(value)))
      return bytes
    }
    case 'double': {
      const bytes = Buffer.alloc(8)
      // JSON has no NaN and no infinities: they come as strings.
      bytes.writeDoubleLE(Number(value))
      return bytes
    }
  }
}

const integer = (value: unknown) => BigInt(value as number | string)

const lengthAnd = (bytes: Buffer) => Buffer.concat([varint(BigInt(bytes.length)), bytes])

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}
