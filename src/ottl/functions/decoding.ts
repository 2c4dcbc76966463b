import { goTypeOf, type OttlValue } from '../values.ts'

const BASE64: Record<string, RegExp> = {
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  'base64-raw': /^(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{0,3}$/,
  'base64-url': /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=)?$/,
  'base64-raw-url': /^(?:[A-Za-z0-9_-]{4})*[A-Za-z0-9_-]{0,3}$/,
}

/** Where an illegal byte is first met, as Go counts. */
function illegalAt(text: string, name: string): number {
  const url = name.includes('url')
  const bad = [...text].findIndex((char) => !(url ? /[A-Za-z0-9_=-]/ : /[A-Za-z0-9+/=]/).test(char))
  return bad < 0 ? Math.floor(text.length / 4) * 4 : bad
}

/** What turns a text or bytes in an encoding into a text. Throws in the words of OTTL's Decode. */
export function decoderOf(encoding: string): (value: OttlValue) => string {
  const shape = Object.hasOwn(BASE64, encoding) ? BASE64[encoding] : undefined
  const decoder = shape === undefined ? textDecoder(encoding) : undefined
  return (value) => {
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
      throw new Error(`unsupported type provided to Decode function: ${value === null ? '<nil>' : goTypeOf(value)}`)
    }
    if (decoder) return decoder(typeof value === 'string' ? Buffer.from(value) : value)
    const text = (typeof value === 'string' ? value : Buffer.from(value).toString()).replace(/[\r\n]/g, '')
    if (!shape!.test(text)) throw new Error(`illegal base64 data at input byte ${illegalAt(text, encoding)}`)
    return Buffer.from(text, encoding.includes('url') ? 'base64url' : 'base64').toString('utf8')
  }
}

/** IANA's names, as far as the platform knows them. */
function textDecoder(encoding: string): (bytes: Uint8Array) => string {
  const name = encoding.toLowerCase()
  if (name === 'nop' || name === 'ascii' || name === 'us-ascii' || name === 'utf-8-raw' || name === 'utf8-raw') {
    return (bytes) => Buffer.from(bytes).toString('utf8')
  }
  try {
    const decoder = new TextDecoder(name)
    return (bytes) => decoder.decode(bytes)
  } catch {
    throw new Error(`unsupported encoding '${encoding}'`)
  }
}
