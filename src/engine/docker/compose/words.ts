/**
 * Splits a command line into words as a POSIX shell would, without expanding anything: Compose takes
 * `command: a "b c"` so. Undefined when a quote is left open.
 */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (quote !== '') {
      if (char === quote) quote = ''
      else if (char === '\\' && quote === '"' && '"\\$`'.includes(text[at + 1] ?? '')) word += text[++at]!
      else word += char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (char === '\\' && at + 1 < text.length) {
      word = (word ?? '') + text[++at]!
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? '') + char
    }
  }
  if (quote !== '') return undefined
  if (word !== undefined) words.push(word)
  return words
}

const SIZE = /^(\d+(?:\.\d+)?)\s*(b|kb?|mb?|gb?)?$/i

/** Compose's byte values: `512m`, `2gb`, `1024`; every unit is binary. Undefined when it is none. */
export function composeBytes(text: string): number | undefined {
  const match = SIZE.exec(text.trim())
  if (match === null) return undefined
  const power = 'bkmg'.indexOf((match[2] ?? 'b')[0]!.toLowerCase())
  return Math.round(Number(match[1]) * 1024 ** power)
}
