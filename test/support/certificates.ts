import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export interface Certificate {
  cert: string
  key: string
}

/** An authority of one's own, which issues certificates for names and addresses. Node can check them, not make them. */
export function createAuthority(name: string): Certificate & { issue(name: string, hosts: string[]): Certificate } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const isAuthority = extension([0x55, 0x1d, 0x13], sequence(tlv(0x01, [0xff])), true)
  return {
    ...certificate(name, privateKey, name, privateKey, [isAuthority]),
    issue(subject, hosts) {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      const names = hosts.map((host) =>
        /^[\d.]+$/.test(host) ? tlv(0x87, host.split('.').map(Number)) : tlv(0x82, host),
      )
      return certificate(subject, own, name, privateKey, [extension([0x55, 0x1d, 0x11], sequence(...names))])
    },
  }
}

// RFC 5280, in DER.
function certificate(
  subject: string,
  key: KeyObject,
  issuer: string,
  by: KeyObject,
  extensions: Buffer[],
): Certificate {
  // ecdsa-with-SHA256
  const algorithm = sequence(tlv(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))
  const year = new Date().getUTCFullYear()
  const signed = sequence(
    tlv(0xa0, tlv(0x02, [2])),
    tlv(0x02, [1, ...randomBytes(8)]),
    algorithm,
    named(issuer),
    sequence(time(year - 1), time(year + 1)),
    named(subject),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  )
  const signature = tlv(0x03, [0], sign('sha256', signed, by))
  const body = sequence(signed, algorithm, signature)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`,
    key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

function tlv(tag: number, ...content: (Uint8Array | number[] | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part as Uint8Array)))
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

const sequence = (...parts: Uint8Array[]) => tlv(0x30, ...parts)
const time = (year: number) => tlv(0x17, `${String(year % 100).padStart(2, '0')}0101000000Z`)
/** A common name, and nothing else. */
const named = (name: string) => sequence(tlv(0x31, sequence(tlv(0x06, [0x55, 0x04, 0x03]), tlv(0x0c, name))))
const extension = (id: number[], value: Buffer, critical = false) =>
  sequence(tlv(0x06, id), ...(critical ? [tlv(0x01, [0xff])] : []), tlv(0x04, value))
