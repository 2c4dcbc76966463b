import { createHash } from 'node:crypto'

/** SHA-256 over texts in order, each with its length, so that nothing can move from one into the next. */
export function digestOf(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}\n`).update(text)
  return hash.digest('hex')
}
