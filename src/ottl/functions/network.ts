import { createHash } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { arg, define, list, type OttlFunction, opt } from '../function.ts'

const family = (text: string) => (isIP(text) === 6 ? 'ipv6' : 'ipv4')

/** Throws Go's words on what is no network. */
function blockOf(network: string): BlockList {
  const [base = '', bits = ''] = network.split('/')
  const most = isIP(base) === 6 ? 128 : 32
  if (isIP(base) === 0 || !/^\d+$/.test(bits) || Number(bits) > most) {
    throw new Error(`invalid CIDR address: ${network}`)
  }
  const block = new BlockList()
  block.addSubnet(base, Number(bits), family(base))
  return block
}

const inBlocks = (address: string, blocks: readonly BlockList[]) =>
  isIP(address) !== 0 && blocks.some((block) => block.check(address, family(address)))

/** By its sum of digits, each second one doubled. Spaces do not count. */
function isLuhn(value: string): boolean {
  const digits = value.replaceAll(' ', '')
  if (digits === '') return false
  const bad = [...digits].reverse().find((digit) => !/\d/.test(digit))
  if (bad !== undefined) throw new Error(`strconv.Atoi: parsing ${JSON.stringify(bad)}: invalid syntax`)
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 1 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

const PROTOCOLS: Record<string, number> = { ICMP: 1, TCP: 6, UDP: 17, RSVP: 46, ICMP6: 58, SCTP: 132 }

function addressBytes(address: string, what: string): Buffer {
  const kind = isIP(address)
  if (kind === 0) throw new Error(`invalid ${what} IP: ${address}`)
  if (kind === 4) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const words = (text: string | undefined) => (text ? text.split(':').map((word) => Number.parseInt(word, 16)) : [])
  const [front, back] = [words(head), words(tail)]
  const all = [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back]
  const bytes = Buffer.from(all.flatMap((word) => [word >> 8, word & 255]))
  // An IPv4 address in IPv6's clothes is an IPv4 address.
  const mapped = bytes.subarray(0, 12).equals(Buffer.from('00000000000000000000ffff', 'hex'))
  return mapped ? bytes.subarray(12) : bytes
}

const port16 = (port: number) => Buffer.from([port >> 8, port & 255])

function within16(value: bigint, what: string): number {
  if (value < 0n || value > 65_535n) throw new Error(`${what} must be between 0 and 65535, got ${value}`)
  return Number(value)
}

/** Corelight's Community ID, version 1: the same for both directions of a flow. */
function communityId(from: [string, bigint], to: [string, bigint], protocol: string, seed: bigint): string {
  const end = ([address, port]: [string, bigint], what: string) => {
    const number = within16(port, `${what} port`)
    return { ip: addressBytes(address, what), port: number }
  }
  let [one, other] = [end(from, 'source'), end(to, 'destination')]
  const number = Object.hasOwn(PROTOCOLS, protocol) ? PROTOCOLS[protocol]! : undefined
  if (number === undefined) throw new Error(`unsupported protocol: ${protocol}`)
  const order = one.ip.length - other.ip.length || Buffer.compare(one.ip, other.ip) || one.port - other.port
  if (order > 0) [one, other] = [other, one]
  const tuple = [
    port16(within16(seed, 'seed')),
    one.ip,
    other.ip,
    Buffer.from([number, 0]),
    port16(one.port),
    port16(other.port),
  ]
  return `1:${createHash('sha1').update(Buffer.concat(tuple)).digest('base64')}`
}

export const NETWORK: readonly OttlFunction[] = [
  define(
    'IsInCIDR',
    [arg('Target', 'StringGetter'), list('Networks', 'StringGetter')],
    ([address, networks]) => inBlocks(address, networks.map(blockOf)),
    ([, networks]) => {
      if (!Array.isArray(networks)) return undefined
      const blocks = networks.map((network) => blockOf(network as string))
      return ([address]) => inBlocks(address, blocks)
    },
  ),
  define('IsValidLuhn', [arg('Target', 'StringLikeGetter')], ([value]) => {
    if (value === null) throw new Error('invalid input: <nil>')
    return isLuhn(value)
  }),
  define(
    'CommunityID',
    [
      arg('SourceIP', 'StringGetter'),
      arg('SourcePort', 'IntGetter'),
      arg('DestinationIP', 'StringGetter'),
      arg('DestinationPort', 'IntGetter'),
      opt('Protocol', 'StringGetter'),
      opt('Seed', 'IntGetter'),
    ],
    ([from, fromPort, to, toPort, protocol, seed]) =>
      communityId([from, fromPort], [to, toPort], protocol ?? 'TCP', seed ?? 0n),
  ),
]
