import { goPattern } from '../../util/go-regexp.ts'
import { ALL_SIGNALS, component } from '../component.ts'
import { bool, type Complaint, maybe, string, strings, struct, text } from '../schema.ts'

const HASHES = ['sha1', 'sha3', 'md5', 'hmac-sha256', 'hmac-sha512']

const database = (go: string) => struct(`db.${go}`, { enabled: bool(), attributes: strings() })
const DATABASES = ['sql', 'redis', 'valkey', 'memcached', 'mongo', 'opensearch', 'es'] as const

/** The lists of patterns, and what the real one calls them. */
const PATTERNS = [
  ['ignored_key_patterns', 'ignore keys list'],
  ['blocked_values', 'block list'],
  ['blocked_key_patterns', 'block keys list'],
  ['allowed_values', 'allow list'],
] as const

interface Checked {
  hash_function: string
  hmac_key: string
  url_sanitizer: { enabled: boolean }
  db_sanitizer: Record<(typeof DATABASES)[number], { enabled: boolean }>
}

function* check(r: Checked): Generator<Complaint> {
  if (r.hash_function.startsWith('hmac')) {
    const least = r.hash_function === 'hmac-sha512' ? 64 : 32
    const length = Buffer.byteLength(r.hmac_key)
    const named = JSON.stringify(r.hash_function)
    if (length === 0) {
      return yield { message: `hmac_key must not be empty when hash_function is ${named}`, key: ['hmac_key'] }
    }
    if (length < least) {
      const words = `hmac_key must be at least ${least} bytes long for ${named}, got ${length} bytes`
      return yield { message: words, key: ['hmac_key'] }
    }
  }
  const others = [
    ...(r.url_sanitizer.enabled ? ['url_sanitizer'] : []),
    ...DATABASES.filter((name) => r.db_sanitizer[name].enabled).map((name) => `db_sanitizer.${name}`),
  ]
  for (const name of others) {
    const message = `the real collector runs ${name}, the embedded one does not: what it would hide is seen here`
    const hint = 'try it on the docker engine: otel-lab up --engine docker'
    yield { severity: 'warning', message, key: name.split('.'), hint }
  }
}

/** Takes attributes away that are not allowed, and masks values that must not be seen. */
export const redactionProcessor = component({
  kind: 'processor',
  type: 'redaction',
  signals: ALL_SIGNALS,
  schema: struct(
    'redactionprocessor.Config',
    {
      allow_all_keys: bool(),
      allowed_keys: strings(),
      blocked_key_patterns: strings(),
      hash_function: text((word) => {
        const value = word.toLowerCase()
        const listed = `${HASHES.slice(0, -1).join(', ')} and ${HASHES.at(-1)}`
        return value === '' || HASHES.includes(value)
          ? { value }
          : { error: `unknown HashFunction ${value}, allowed functions are ${listed}` }
      }, ''),
      hmac_key: string(),
      ignored_keys: strings(),
      ignored_key_patterns: strings(),
      redact_all_types: bool(),
      blocked_values: strings(),
      allowed_values: strings(),
      summary: string(),
      db_sanitizer: struct('db.DBSanitizerConfig', {
        sql: database('SQLConfig'),
        redis: database('RedisConfig'),
        valkey: database('ValkeyConfig'),
        memcached: database('MemcachedConfig'),
        mongo: database('MongoConfig'),
        opensearch: database('OpenSearchConfig'),
        es: database('ESConfig'),
        sanitize_span_name: maybe(bool()),
      }),
      url_sanitizer: struct('url.URLSanitizationConfig', {
        enabled: bool(),
        attributes: strings(),
        sanitize_span_name: maybe(bool()),
      }),
    },
    check,
  ),
  build: function* (r) {
    for (const [key, list] of PATTERNS) {
      for (const [i, pattern] of r[key].entries()) {
        try {
          goPattern(pattern)
        } catch (error) {
          const why = `error compiling regex in list: ${(error as Error).message}`
          const message = `error creating a redaction processor: failed to process ${list}: ${why}`
          return yield { message, key: [key, String(i)] }
        }
      }
    }
  },
})
