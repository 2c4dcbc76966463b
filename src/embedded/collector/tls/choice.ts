import { getCiphers, type SecureContextOptions } from 'node:tls'
import { CURVES, suiteOf } from '../../../collector-config/shared/tls-names.ts'

/** Go offers these whatever `cipher_suites` says. */
const TLS_13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']

/** X25519MLKEM768 came with OpenSSL 3.5. */
const hasHybrid = (openssl: string) => {
  const [major = 0, minor = 0] = openssl.split('.').map(Number)
  return major > 3 || (major === 3 && minor >= 5)
}

interface Choice {
  cipher_suites: readonly string[]
  curve_preferences: readonly string[]
  include_insecure_cipher_suites: boolean
}

/**
 * `cipher_suites` and `curve_preferences`, for Node. What its OpenSSL has not cannot be agreed upon; throws Error where
 * nothing would be left.
 */
export function chosen(s: Choice, openssl = process.versions.openssl): SecureContextOptions {
  return { ...suites(s), ...curves(s.curve_preferences, openssl) }
}

function suites({ cipher_suites: names, include_insecure_cipher_suites: insecure }: Choice): SecureContextOptions {
  if (names.length === 0) return {}
  const known = new Set(getCiphers())
  const usable = names.flatMap((name) => suiteOf(name, insecure) ?? []).filter((name) => known.has(name.toLowerCase()))
  return { ciphers: [...new Set([...TLS_13, ...usable])].join(':') }
}

function curves(names: readonly string[], openssl: string): SecureContextOptions {
  if (names.length === 0) return {}
  const usable = names.filter((name) => name !== 'X25519MLKEM768' || hasHybrid(openssl))
  if (usable.length > 0) return { ecdhCurve: usable.map((name) => CURVES[name]!).join(':') }
  throw new Error(
    `curve_preferences: ${names.join(', ')} is not to be had here: Node ${process.versions.node} has OpenSSL ${openssl}, and it came with 3.5; add X25519`,
  )
}
