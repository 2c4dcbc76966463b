import { bool, type Complaint, duration, int, pointer, type SettingsIn, string, strings, struct } from '../schema.ts'

const VERSIONS = ['1.0', '1.1', '1.2', '1.3']

const common = () => ({
  ca_file: string(),
  ca_pem: string(),
  cert_file: string(),
  cert_pem: string(),
  key_file: string(),
  key_pem: string(),
  min_version: string(),
  max_version: string(),
  cipher_suites: strings(),
  curve_preferences: strings(),
  include_insecure_cipher_suites: bool(),
  include_system_ca_certs_pool: bool(),
  reload_interval: duration(),
  tpm: pointer(
    struct('configtls.TPMConfig', { auth: string(), enabled: bool(), owner_auth: string(), path: string() }),
  ),
})

/** config/configtls: what can be said without opening a file. */
function* check(tls: SettingsIn<ReturnType<typeof common>>): Generator<Complaint> {
  const both = (kind: 'ca' | 'cert' | 'key') => tls[`${kind}_file`] !== '' && tls[`${kind}_pem`] !== ''
  const has = (kind: 'cert' | 'key') => tls[`${kind}_file`] !== '' || tls[`${kind}_pem`] !== ''
  if (both('ca')) yield { message: 'provide either a CA file or the PEM-encoded string, but not both' }
  else if (both('cert')) yield { message: 'provide either certificate file or PEM, but not both' }
  else if (both('key')) yield { message: 'provide either key file or PEM, but not both' }
  else if (has('cert') !== has('key')) {
    yield { message: 'TLS configuration must include both certificate and key (CertFile/CertPem and KeyFile/KeyPem)' }
  }
  const [least, most] = [VERSIONS.indexOf(tls.min_version), VERSIONS.indexOf(tls.max_version)]
  if (least >= 0 && most >= 0 && least > most) {
    const message = 'invalid TLS configuration: min_version cannot be greater than max_version'
    yield { message, key: ['min_version'] }
  }
  for (const key of ['min_version', 'max_version'] as const) {
    if (tls[key] !== '' && !VERSIONS.includes(tls[key])) {
      yield { message: `invalid TLS ${key}: unsupported TLS version: ${JSON.stringify(tls[key])}`, key: [key] }
    }
  }
}

export const clientTls = () =>
  struct(
    'configtls.ClientConfig',
    { ...common(), insecure: bool(), insecure_skip_verify: bool(), server_name_override: string() },
    check,
  )

export const serverTls = () =>
  struct(
    'configtls.ServerConfig',
    { ...common(), client_ca_file: string(), client_ca_file_reload: bool() },
    function* (tls) {
      yield* check(tls)
      if (tls.cert_file === '' && tls.cert_pem === '') {
        yield { message: 'TLS configuration must include both certificate and key for server connections' }
      }
    },
  )

/** Seconds of TCP dialling; shared by server addresses. */
export const dialer = () => struct('confignet.DialerConfig', { timeout: duration() })

export const compressionParams = () => struct('configcompression.CompressionParams', { level: int() })
