import { ExpositionError, type FlatLabels, quoted } from './entries.ts'

const QUOTE = 34
const BACKSLASH = 92
const NEWLINE = 10

/** First characters: letters and `_`; metric names also `:`. */
const isNameStart = (c: number, colon: boolean) =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || (colon && c === 58)

/**
 * What both text formats share: names, label sets, and errors that say where. `at` is the read position,
 * `entry` where the current line begins, `token` where the last token began.
 */
export class Scanner {
  readonly text: string
  readonly #damaged: boolean
  at = 0
  entry = 0
  token = 0

  /** @param damaged the bytes were not UTF-8; what could not be read is U+FFFD in `text` */
  constructor(text: string, damaged: boolean) {
    this.text = text
    this.#damaged = damaged
  }

  /** End of the name that begins at `from`, or `from` when there is none. */
  nameEnd(from: number, colon: boolean): number {
    const { text } = this
    let i = from
    if (!isNameStart(text.charCodeAt(i), colon)) return from
    i++
    for (; ; i++) {
      const c = text.charCodeAt(i)
      if (!isNameStart(c, colon) && !(c >= 48 && c <= 57)) return i
    }
  }

  /** Past the closing quote of the string that opens at `from`, or -1 with `at` on what broke it. */
  quotedEnd(from: number, multiline: boolean): number {
    const { text } = this
    for (let i = from + 1; i < text.length; i++) {
      const c = text.charCodeAt(i)
      if (c === QUOTE) return i + 1
      if (c === BACKSLASH) i++
      else if (c === NEWLINE && !multiline) {
        this.at = i
        return -1
      }
    }
    this.at = text.length
    return -1
  }

  /**
   * Labels after `{`, up to and including `}`, onto `into`. A quoted string without `=` is the metric's name.
   * `loose` is the Prometheus format: blanks anywhere, commas optional. A value of `exemplar` labels has no NUL.
   */
  labels(into: FlatLabels, loose: boolean, nameAllowed: boolean, exemplar = false): void {
    let afterComma = true
    for (;;) {
      if (loose) this.#blanks()
      this.token = this.at
      const c = this.text.charCodeAt(this.at)
      if (c === 125) {
        this.at++
        return
      }
      if (!afterComma && !loose) throw this.unexpected('expected comma or brace close')
      const isQuoted = c === QUOTE
      const end = isQuoted ? this.quotedEnd(this.at, loose) : this.nameEnd(this.at, false)
      if (end === -1 || end === this.at) throw this.unexpected('expected label name')
      const name = isQuoted ? unescaped(this.text.slice(this.at + 1, end - 1)) : this.text.slice(this.at, end)
      this.at = end
      if (loose) this.#blanks()
      this.token = this.at
      const next = this.text.charCodeAt(this.at)
      if (isQuoted && nameAllowed && into[1] === '' && (next === 44 || next === 125)) {
        into[1] = name
      } else {
        if (next !== 61) throw this.unexpected('expected equal')
        this.at++
        into.push(name, this.#labelValue(loose, exemplar))
      }
      if (loose) this.#blanks()
      afterComma = this.text.charCodeAt(this.at) === 44
      if (afterComma) this.at++
    }
  }

  #labelValue(loose: boolean, exemplar: boolean): string {
    if (loose) this.#blanks()
    this.token = this.at
    const end = this.text.charCodeAt(this.at) === QUOTE ? this.quotedEnd(this.at, loose) : -1
    if (end === -1) throw this.unexpected('expected label value', 'INVALID')
    const raw = this.text.slice(this.at + 1, end - 1)
    if (exemplar && raw.includes('\0')) {
      this.at += 1 + raw.indexOf('\0')
      throw this.unexpected('expected label value', 'INVALID')
    }
    if (this.#damaged && raw.includes('\ufffd')) {
      throw new ExpositionError(`invalid UTF-8 label value: ${quoted(this.text.slice(this.at, end))}`)
    }
    this.at = end
    return raw.includes('\\') ? unescaped(raw) : raw
  }

  #blanks(): void {
    while (this.text.charCodeAt(this.at) === 32 || this.text.charCodeAt(this.at) === 9) this.at++
  }

  /** The error for what stands at `at`; known punctuation is named, as the real lexer's tokens are. */
  unexpected(expected: string, kind?: string): ExpositionError {
    if (this.at >= this.text.length && kind === undefined) {
      return this.error(expected, this.text.slice(this.entry), 'EOF')
    }
    const c = this.text[this.at]
    const token = kind ?? (c === ',' ? 'COMMA' : c === '}' ? 'BCLOSE' : c === '=' ? 'EQUAL' : undefined)
    let end = this.at + 1
    if (token !== undefined && kind === undefined) end++
    const name = token === undefined ? this.nameEnd(this.at, false) : this.at
    if (name > this.at) return this.error(expected, this.text.slice(this.token, name + 1), 'LNAME', name + 1)
    return this.error(expected, this.text.slice(this.token, end), token ?? 'INVALID', end)
  }

  error(expected: string, got: string, token: string, end = this.text.length): ExpositionError {
    const seen = this.text.slice(this.entry, end)
    return new ExpositionError(`${expected}, got ${quoted(got)} ("${token}") while parsing: ${quoted(seen)}`)
  }
}

/** `\\`, `\"` and `\n`; any other backslash stands for itself. */
export function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, (whole, c: string) => (c === 'n' ? '\n' : c === '"' || c === '\\' ? c : whole))
}
