import { createSecureContext } from 'node:tls'
import type { ConfigFiles } from '../files.ts'
import type { Complaint } from '../schema.ts'
import { CURVES, suiteOf } from './tls-names.ts'

interface Tls {
  ca_file: string
  ca_pem: string
  cert_file: string
  cert_pem: string
  key_file: string
  key_pem: string
  cipher_suites: string[]
  curve_preferences: string[]
  include_insecure_cipher_suites: boolean
  insecure?: boolean
  client_ca_file?: string
}

const PEM = /-----BEGIN [A-Z0-9 ]+-----/

/** What loading a TLS config would say (configtls.go): files that are not there, or hold no certificate. */
export function* tlsProblems(tls: Tls | undefined, files: ConfigFiles, key: string[]): Generator<Complaint> {
  if (tls === undefined || (tls.insecure && tls.ca_file === '' && tls.ca_pem === '')) return
  const fault = authorities(tls, files) ?? keyPair(tls, files) ?? suites(tls) ?? clientAuthorities(tls, files)
  if (fault === undefined) return
  const hint = 'the file is looked for on the machine that runs the collector'
  yield { message: `failed to load TLS config: ${fault}`, key, ...(/no such file/.test(fault) ? { hint } : {}) }
}

function authorities(tls: Tls, files: ConfigFiles): string | undefined {
  if (tls.ca_file !== '') return cert(tls.ca_file, files, 'failed to load CA CertPool File: ')
  const parsed = tls.ca_pem === '' || PEM.test(tls.ca_pem)
  return parsed ? undefined : 'failed to load CA CertPool PEM: failed to parse cert'
}

function clientAuthorities(tls: Tls, files: ConfigFiles): string | undefined {
  if (!tls.client_ca_file) return undefined
  return cert(tls.client_ca_file, files, 'failed to load client CA CertPool: ')?.replace('load cert ', 'load CA ')
}

function cert(path: string, files: ConfigFiles, what: string): string | undefined {
  try {
    return PEM.test(files.read(path)) ? undefined : `${what}failed to parse cert`
  } catch (error) {
    return `${what}failed to load cert ${path}: ${(error as Error).message}`
  }
}

function keyPair(tls: Tls, files: ConfigFiles): string | undefined {
  if (tls.cert_file === '' && tls.cert_pem === '') return undefined
  const failed = 'failed to load TLS cert and key: '
  try {
    const cert = tls.cert_file === '' ? tls.cert_pem : files.read(tls.cert_file)
    const key = tls.key_file === '' ? tls.key_pem : files.read(tls.key_file)
    const pems = `${failed}failed to load TLS cert and key PEMs: tls: `
    if (!PEM.test(cert)) return `${pems}failed to find any PEM data in certificate input`
    if (!PEM.test(key)) return `${pems}failed to find any PEM data in key input`
    try {
      createSecureContext({ cert, key })
    } catch {
      return `${pems}private key does not match public key`
    }
    return undefined
  } catch (error) {
    return failed + (error as Error).message
  }
}

function suites(tls: Tls): string | undefined {
  const unknown = tls.cipher_suites.filter((name) => suiteOf(name, tls.include_insecure_cipher_suites) === undefined)
  if (unknown.length > 0) return unknown.map((name) => `invalid TLS cipher suite: ${JSON.stringify(name)}`).join('\n')
  if (tls.curve_preferences.every((name) => CURVES[name] !== undefined)) return undefined
  // As Go prints what it has; the order there is a map's.
  return 'invalid curve type: CurveID(0). Expected values are [CurveP521 X25519 X25519MLKEM768 CurveP256 CurveP384]'
}
