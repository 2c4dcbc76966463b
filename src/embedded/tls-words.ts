import type { PeerCertificate } from 'node:tls'

type TlsError = NodeJS.ErrnoException & { host?: string; cert?: Partial<PeerCertificate> }

const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** What Go's crypto/tls says of a handshake that failed; undefined of any other error. */
export function tlsWords(error: Error): string | undefined {
  const { code = '', message, host, cert } = error as TlsError
  const unverified = (why: string) => `tls: failed to verify certificate: x509: ${why}`
  if (UNKNOWN_AUTHORITY.has(code)) return unverified('certificate signed by unknown authority')
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return unverified(wrongName(cert?.subjectaltname ?? '', host ?? ''))
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return unverified('certificate has expired or is not yet valid')
  const alert = /\balert (.+?)(?::|$)/.exec(message)?.[1]
  if (alert !== undefined) return `remote error: tls: ${alert.trim()}`
  if (/wrong version number|packet length/i.test(message)) return 'tls: first record does not look like a TLS handshake'
  return undefined
}

function wrongName(names: string, host: string): string {
  const valid = names
    .split(', ')
    .map((name) => name.replace(/^(DNS|IP Address):/, ''))
    .filter(Boolean)
  if (valid.length === 0) return `certificate is not valid for any names, but wanted to match ${host}`
  return `certificate is valid for ${valid.join(', ')}, not ${host}`
}
