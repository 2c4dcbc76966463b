import { randomBytes } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { type AnyValue, KeyValueList } from '../../otlp/types.ts'
import { goGroups } from '../../util/go-regexp.ts'
import { type FunctionTable, of } from '../function.ts'
import { type OttlValue, textOf } from '../values.ts'

const mapOf = (entries: Iterable<readonly [string, AnyValue]>) =>
  new KeyValueList([...entries].map(([key, value]) => ({ key, value })))

/** Text by named groups; what matches nowhere gives an empty map. */
function extractor(pattern: string): (text: string) => KeyValueList {
  const groups = goGroups(pattern)
  return (text) => mapOf(Object.entries(groups(text) ?? {}))
}

function isEmpty(value: OttlValue): boolean {
  if (value === null || value === '') return true
  if (value instanceof KeyValueList) return value.values.length === 0
  return (Array.isArray(value) || value instanceof Uint8Array) && value.length === 0
}

function inNetworks(address: string, networks: readonly string[]): boolean {
  const family = (text: string) => (isIP(text) === 6 ? 'ipv6' : 'ipv4')
  if (isIP(address) === 0) throw new Error(`invalid IP address: ${address}`)
  const list = new BlockList()
  for (const network of networks) {
    const [base, bits] = network.split('/')
    if (isIP(base!) === 0 || !/^\d+$/.test(bits ?? '')) throw new Error(`invalid CIDR address: ${network}`)
    list.addSubnet(base!, Number(bits), family(base!))
  }
  return list.check(address, family(address))
}

function isLuhn(text: string): boolean {
  if (!/^\d+$/.test(text)) return false
  const sum = [...text].reverse().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 1 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

function partsOf(text: string): KeyValueList {
  if (!URL.canParse(text)) throw new Error(`failed to parse the uri ${JSON.stringify(text)}`)
  const url = new URL(text)
  const extension = /\.([^./]+)$/.exec(url.pathname)?.[1]
  const all: [string, AnyValue | undefined][] = [
    ['url.original', text],
    ['url.scheme', url.protocol.slice(0, -1)],
    ['url.domain', url.hostname],
    ['url.port', url.port === '' ? undefined : BigInt(url.port)],
    ['url.path', url.pathname],
    ['url.query', url.search === '' ? undefined : url.search.slice(1)],
    ['url.fragment', url.hash === '' ? undefined : url.hash.slice(1)],
    ['url.extension', extension],
    ['url.username', url.username || undefined],
  ]
  return mapOf(all.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])))
}

/** Milliseconds in front, so that later ones sort later (RFC 9562). */
function uuidv7(now: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

export const PARSING: FunctionTable = {
  Base64Decode: of(([text]) => Buffer.from(textOf(text!), 'base64').toString('utf8')),
  Base64Encode: of(([text, variant]) => {
    const kind = variant === undefined ? 'base64' : textOf(variant!)
    const packed = Buffer.from(textOf(text!)).toString(kind.includes('url') ? 'base64url' : 'base64')
    if (!/^base64(-raw)?(-url)?$/.test(kind)) throw new Error(`unsupported base64 variant: ${kind}`)
    const bare = packed.replace(/=+$/, '')
    return kind.includes('raw') ? bare : bare.padEnd(Math.ceil(bare.length / 4) * 4, '=')
  }),
  Coalesce: {
    run: ([values]) => (values as OttlValue[]).find((value) => value !== null) ?? null,
  },
  ExtractPatterns: {
    prepare: ([, pattern]) => {
      if (typeof pattern !== 'string') return undefined
      try {
        goGroups(pattern)
      } catch (error) {
        const told = `the regex pattern supplied to ExtractPatterns '${JSON.stringify(pattern)}' is not a valid pattern`
        throw new Error(`${told}: ${(error as Error).message}`)
      }
      const extract = extractor(pattern)
      return ([text]) => extract(textOf(text!))
    },
    run: ([text, pattern]) => extractor(textOf(pattern!))(textOf(text!)),
  },
  IsEmpty: of(([value]) => isEmpty(value!)),
  IsInCIDR: of(([address, networks]) => inNetworks(textOf(address!), (networks as OttlValue[]).map(textOf))),
  IsValidLuhn: of(([value]) => value !== null && isLuhn(textOf(value!))),
  ParseKeyValue: of(([text, delimiter, between]) => {
    const [equals, comma] = [
      delimiter === undefined ? '=' : textOf(delimiter!),
      between === undefined ? ' ' : textOf(between!),
    ]
    const pairs = textOf(text!)
      .split(comma)
      .map((part) => part.trim())
      .filter((part) => part !== '')
    return mapOf(
      pairs.map((pair) => {
        const at = pair.indexOf(equals)
        if (at < 0) throw new Error(`cannot split ${JSON.stringify(pair)} into 2 items, got 1 item(s)`)
        return [pair.slice(0, at).trim(), pair.slice(at + equals.length).trim()] as const
      }),
    )
  }),
  ToKeyValueString: of(([map, delimiter, between]) => {
    if (!(map instanceof KeyValueList)) throw new Error('expected pcommon.Map')
    const [equals, comma] = [
      delimiter === undefined ? '=' : textOf(delimiter!),
      between === undefined ? ' ' : textOf(between!),
    ]
    return map.values.map(({ key, value }) => `${key}${equals}${textOf(value)}`).join(comma)
  }),
  URL: of(([uri]) => partsOf(textOf(uri!))),
  UUIDv7: of(() => uuidv7(Date.now())),
}
