import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'

/** Who vouches for a piece of data: a key made for one attempt, itself vouched for by the lab's. */
export interface Seal {
  runId: string
  /** Counts up each time the attempt is sealed: an older copy put back in its place is known as such. */
  seq: number
  /** Public keys of the attempt and of the lab, Ed25519, SPKI in base64. */
  key: string
  lab: string
  /** By the lab's key, over runId and key. */
  certificate: string
  /** By the attempt's key, over runId, seq and the data. */
  signature: string
}

interface AttemptKey {
  privateKey: string
  certificate: string
  seq: number
}

/**
 * The keys of a lab, in files that only its owner may read. It makes edits visible to others; it cannot bind
 * somebody who owns the machine and with it the keys (ARCHITECTURE.md says what is proven and what is not).
 */
export function openSeals(dir: string) {
  const labFile = join(dir, 'lab.pem')
  const attemptFile = (runId: string) => join(dir, `${runId}.json`)

  async function labKey(): Promise<KeyObject> {
    const known = await readFile(labFile, 'utf8').catch(() => undefined)
    if (known !== undefined) return createPrivateKey(known)
    const { privateKey } = generateKeyPairSync('ed25519')
    await makeDir(dir)
    await writeFileAtomic(labFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
    return privateKey
  }

  async function attemptKey(runId: string): Promise<AttemptKey> {
    const known = await readKey(attemptFile(runId))
    if (known) return known
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const certificate = signed(await labKey(), { runId, key: spki(publicKey) })
    return { privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, certificate, seq: 0 }
  }

  return {
    /** What others know this lab's seals by. */
    labId: async () => spki(createPublicKey(await labKey())),
    /** Seals data of an attempt; its key is made with the first one. */
    async seal(runId: string, data: unknown): Promise<Seal> {
      const { privateKey, certificate, seq } = await attemptKey(runId)
      const next = { privateKey, certificate, seq: seq + 1 }
      await writeFileAtomic(attemptFile(runId), `${JSON.stringify(next)}\n`, { mode: 0o600 })
      const own = createPrivateKey(privateKey)
      return {
        runId,
        seq: next.seq,
        key: spki(createPublicKey(own)),
        lab: spki(createPublicKey(await labKey())),
        certificate,
        signature: signed(own, { runId, seq: next.seq, data }),
      }
    },
    /** By the lab's own key, for what belongs to no sealed attempt. */
    async vouch(data: unknown): Promise<Vouched> {
      const key = await labKey()
      return { lab: spki(createPublicKey(key)), signature: signed(key, data) }
    },
    /** Whether it is the newest seal of an attempt that is still open. */
    async isNewest({ runId, seq }: Seal): Promise<boolean> {
      return (await readKey(attemptFile(runId)))?.seq === seq
    },
    /** Nothing can be sealed for the attempt any more. */
    drop: (runId: string) => rm(attemptFile(runId), { force: true }),
  }
}

export interface Vouched {
  lab: string
  signature: string
}

/** Whether this lab has vouched for the data. */
export function isVouched(data: unknown, { lab, signature }: Vouched, own: string): boolean {
  try {
    return lab === own && isSigned(own, data, signature)
  } catch {
    return false
  }
}

/** Why data is not what was sealed; undefined when it is. `lab` is the key that must have vouched for it. */
export function sealFault(data: unknown, seal: Seal | undefined, lab?: string): string | undefined {
  if (seal === undefined) return 'nobody has signed it'
  try {
    if (lab !== undefined && seal.lab !== lab) return 'another lab has signed it'
    const { runId, seq, key, certificate, signature } = seal
    if (!isSigned(seal.lab, { runId, key }, certificate)) return 'its key is not one of the lab'
    return isSigned(key, { runId, seq, data }, signature) ? undefined : 'it is not as it was signed'
  } catch {
    return 'its signature cannot be read'
  }
}

const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).toString('base64')
const signed = (key: KeyObject, data: unknown) => sign(null, Buffer.from(canonical(data)), key).toString('base64')
const isSigned = (key: string, data: unknown, signature: string) =>
  verify(
    null,
    Buffer.from(canonical(data)),
    createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' }),
    Buffer.from(signature, 'base64'),
  )

/** The same text for the same data: keys in order, what is undefined left out. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`
}

async function readKey(file: string): Promise<AttemptKey | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  try {
    return text === undefined ? undefined : (JSON.parse(text) as AttemptKey)
  } catch {
    return undefined
  }
}
