const isCap = (char: string | undefined) => char !== undefined && char >= 'A' && char <= 'Z'
const isLow = (char: string | undefined) => char !== undefined && char >= 'a' && char <= 'z'
const isNum = (char: string | undefined) => char !== undefined && char >= '0' && char <= '9'
const isGap = (char: string) => char === ' ' || char === '_' || char === '-' || char === '.'

/** `myMetricName` -> `my_metric_name`; JSONData is two words. As iancoleman/strcase does it. */
export function snakeCase(text: string): string {
  const chars = [...text.trim()]
  return chars
    .map((char, i) => {
      const [before, next] = [chars[i - 1], chars[i + 1]]
      const small = isCap(char) ? char.toLowerCase() : char
      if (isGap(char)) return '_'
      const changes =
        (isCap(char) && (isLow(next) || isNum(next))) ||
        (isLow(char) && (isCap(next) || isNum(next))) ||
        (isNum(char) && (isCap(next) || isLow(next)))
      if (!changes) return small
      const opens = isCap(char) && isLow(next) && isCap(before) ? '_' : ''
      return `${opens}${small}${isLow(char) || isNum(char) || isNum(next) ? '_' : ''}`
    })
    .join('')
}

/** `my_metric_name` -> `MyMetricName`. */
export function camelCase(text: string): string {
  let [out, capital, wasCap] = ['', true, false]
  for (const char of text.trim()) {
    const written =
      capital && isLow(char) ? char.toUpperCase() : wasCap && isCap(char) && !capital ? char.toLowerCase() : char
    wasCap = isCap(char)
    if (isCap(char) || isLow(char)) {
      out += written
      capital = false
    } else if (isNum(char)) {
      out += char
      capital = true
    } else capital = isGap(char)
  }
  return out
}

/** Letter by letter, as Go's: one that would become two, such as ß, stays. */
export function upperCase(text: string): string {
  const upper = (char: string) => {
    const large = char.toUpperCase()
    return [...large].length === 1 ? large : char
  }
  return [...text].map(upper).join('')
}
