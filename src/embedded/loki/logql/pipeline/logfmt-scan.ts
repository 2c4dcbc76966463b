/** The keys and values of a logfmt line, as go-logfmt reads them (in the adaptation that Loki uses). */
export class LogfmtScanner {
  readonly #line: string
  #at = 0
  key = ''
  value = ''
  /** The last fault met, in Go's words. */
  error: string | undefined

  constructor(line: string) {
    this.#line = line
  }

  get atEnd(): boolean {
    return this.#at >= this.#line.length
  }

  /** Reads the next pair; false at the end and at a fault, after which one may read on. */
  next(): boolean {
    this.key = ''
    this.value = ''
    const line = this.#line
    while (this.#at < line.length && line.charCodeAt(this.#at) <= 32) this.#at++
    if (this.atEnd) return false
    const start = this.#at
    for (; this.#at < line.length; this.#at++) {
      const c = line.charCodeAt(this.#at)
      if (c === 61) break
      if (c === 34) return this.#unexpected()
      if (c <= 32) return this.#takeKey(start)
    }
    if (this.atEnd) return this.#takeKey(start)
    if (this.#at === start) return this.#unexpected()
    if (!this.#takeKey(start)) return this.#skipValue()
    this.#at++
    return this.#readValue()
  }

  #takeKey(start: number): boolean {
    this.key = this.#line.slice(start, this.#at)
    return this.key.includes('\uFFFD') ? this.#fail('invalid key') : true
  }

  #readValue(): boolean {
    const line = this.#line
    if (this.atEnd || line.charCodeAt(this.#at) <= 32) return true
    if (line[this.#at] === '"') return this.#quoted()
    const start = this.#at
    for (; this.#at < line.length; this.#at++) {
      const c = line.charCodeAt(this.#at)
      if (c === 61 || c === 34) return this.#unexpected()
      if (c <= 32) break
    }
    this.value = line.slice(start, this.#at)
    return true
  }

  #quoted(): boolean {
    const line = this.#line
    const start = this.#at + 1
    let escapes = false
    for (let at = start; at < line.length; at++) {
      const c = line.charCodeAt(at)
      if (c === 92) {
        escapes = true
        at++
      } else if (c === 34) {
        this.#at = at + 1
        const raw = line.slice(start, at)
        const value = escapes ? unescapeText(raw) : raw
        if (value === undefined) return this.#fail('invalid quoted value')
        this.value = value
        return true
      }
    }
    this.#at = line.length
    return this.#fail('unterminated quoted value')
  }

  #unexpected(): false {
    const char = this.#line[this.#at]!
    this.#fail(`unexpected '${char}'`)
    return this.#skipValue()
  }

  #skipValue(): false {
    while (this.#at < this.#line.length && this.#line.charCodeAt(this.#at) > 32) this.#at++
    return false
  }

  #fail(message: string): false {
    // Positions count bytes, from 1.
    const position = Buffer.byteLength(this.#line.slice(0, this.#at)) + 1
    this.error = `logfmt syntax error at pos ${position} : ${message}`
    return false
  }
}

const SHORT: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  "'": "'",
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Undefined when an escape is not valid; a lone surrogate becomes a replacement character. */
function unescapeText(raw: string): string | undefined {
  let valid = true
  const text = raw.replaceAll(/\\(?:u([\da-fA-F]{4})|(.?))/gsu, (_, hex: string | undefined, letter = '') => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    const short = SHORT[letter]
    if (short === undefined) valid = false
    return short ?? ''
  })
  return valid
    ? text.replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\uFFFD')
    : undefined
}
