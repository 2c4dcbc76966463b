import type { ComposePort } from './model.ts'
import type { Part } from './part.ts'

/** `[address:][published[-last]:]target[-last][/protocol]`; an IPv6 address stands in brackets. */
const SHORT = /^(?:(\[[^\]]+\]|[^:]*):)?(?:(\d+)(?:-(\d+))?:)?(\d+)(?:-(\d+))?(?:\/(tcp|udp))?$/

interface LongPort {
  target: number
  published: number
  host_ip: string
  protocol: 'tcp' | 'udp'
  mode: string
  name: string
  app_protocol: string
}

/** The `ports` of a service. The lab is for this machine only: a port that is published to all is refused. */
export function readPorts(part: Part): ComposePort[] {
  return part.items().flatMap((item) => {
    const ports = item.isMap ? long(item) : short(item)
    for (const { hostIp, target } of ports) {
      if (hostIp === '127.0.0.1' || hostIp === '::1') continue
      item.fault(`would be published to the network; write "127.0.0.1:${target}:${target}"`)
    }
    return ports
  })
}

function short(part: Part): ComposePort[] {
  const match = part.parsed((text) => SHORT.exec(text) ?? undefined, 'a port such as "127.0.0.1:3200:3200"')
  if (match === undefined) return []
  const [, address, published, publishedLast, target, targetLast, protocol = 'tcp'] = match
  const first = Number(target)
  const count = Number(targetLast ?? first) - first + 1
  const from = published === undefined ? 0 : Number(published)
  if (count < 1 || (published !== undefined && Number(publishedLast ?? from) - from + 1 !== count)) {
    part.fault('has two ranges of different length')
    return []
  }
  return Array.from({ length: count }, (_, i) => ({
    hostIp: (address ?? '').replace(/^\[|\]$/g, ''),
    published: from === 0 ? 0 : from + i,
    target: first + i,
    protocol: protocol as 'tcp' | 'udp',
  })).filter((port) => inRange(part, port))
}

function long(part: Part): ComposePort[] {
  const {
    target,
    published = 0,
    host_ip = '',
    protocol = 'tcp',
  } = part.shape<LongPort>({
    target: (one) => one.whole(),
    published: (one) => one.whole(),
    host_ip: (one) => one.text(),
    protocol: (one) => one.parsed((text) => (text === 'tcp' || text === 'udp' ? text : undefined), 'tcp or udp'),
    mode: (one) => one.parsed((text) => (text === 'host' || text === 'ingress' ? text : undefined), 'host or ingress'),
    name: (one) => one.text(),
    app_protocol: (one) => one.text(),
  })
  if (target === undefined) {
    part.fault('has no target')
    return []
  }
  return [{ hostIp: host_ip, published, target, protocol }].filter((port) => inRange(part, port))
}

function inRange(part: Part, { published, target }: ComposePort): boolean {
  if (published <= 65_535 && target >= 1 && target <= 65_535) return true
  part.fault('has a port outside 1 to 65535')
  return false
}
