/** A byte that is no part of a character stands as a lone surrogate, U+DC80 to U+DCFF, which no text can hold. */
const STRAY = 0xdc00

/** A text of bytes that a literal names one by one, `"\xff"`: Go's strings need not be UTF-8. */
export function textOfBytes(bytes: Buffer): string {
  const text = bytes.toString()
  if (!text.includes('\ufffd')) return text
  let out = ''
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((n) => isCharacter(bytes.subarray(at, at + n)))
    out += length === undefined ? String.fromCharCode(STRAY + bytes[at]!) : bytes.toString('utf8', at, at + length)
    at += length ?? 1
  }
  return out
}

function isCharacter(bytes: Buffer): boolean {
  const text = bytes.toString()
  return [...text].length === 1 && Buffer.from(text).equals(bytes)
}

const LONE = /\p{Surrogate}/gu

export const hasStrayBytes = (text: string) => text.search(LONE) !== -1

/** As it leaves in JSON. */
export const withoutStrayBytes = (text: string) => text.replaceAll(LONE, '\ufffd')

/** The byte that stands for a lone surrogate. */
export const strayByte = (code: number) => (code >= STRAY + 0x80 && code <= STRAY + 0xff ? code - STRAY : undefined)
