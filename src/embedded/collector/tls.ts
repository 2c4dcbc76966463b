import { readFileSync } from 'node:fs'
import type { ConnectionOptions, SecureVersion, TlsOptions } from 'node:tls'
import { chosen } from './tls/choice.ts'

/** configtls, as decoded; that the files are there was seen when the config was read. */
export interface TlsSettings {
  ca_file: string
  ca_pem: string
  cert_file: string
  cert_pem: string
  key_file: string
  key_pem: string
  min_version: string
  max_version: string
  cipher_suites: string[]
  curve_preferences: string[]
  include_insecure_cipher_suites: boolean
  insecure_skip_verify?: boolean
  server_name_override?: string
  client_ca_file?: string
}

export function clientTls(s: TlsSettings, host: string): ConnectionOptions {
  const name = s.server_name_override || host
  return {
    ...common(s),
    ...given('ca', s.ca_file, s.ca_pem),
    rejectUnauthorized: !s.insecure_skip_verify,
    // An address is no name to ask for.
    ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }),
  }
}

export function serverTls(s: TlsSettings): TlsOptions {
  const asks = s.client_ca_file ? { requestCert: true, rejectUnauthorized: true } : {}
  return { ...common(s), ...given('ca', s.client_ca_file ?? '', ''), ...asks }
}

function common(s: TlsSettings) {
  return {
    ...chosen(s),
    ...given('cert', s.cert_file, s.cert_pem),
    ...given('key', s.key_file, s.key_pem),
    ...(s.min_version ? { minVersion: `TLSv${s.min_version}` as SecureVersion } : {}),
    ...(s.max_version ? { maxVersion: `TLSv${s.max_version}` as SecureVersion } : {}),
  }
}

function given<K extends string>(key: K, file: string, pem: string): Partial<Record<K, string | Buffer>> {
  if (file === '' && pem === '') return {}
  return { [key]: file === '' ? pem : readFileSync(file) } as Record<K, string | Buffer>
}
