export type Env = Record<string, string | undefined>

/** A fault in a `${...}`, in Compose's words. */
export class InterpolationError extends Error {}

/**
 * Fills in variables as the Compose specification says ("Interpolation"): `$VAR`, `${VAR}`, `${VAR:-default}`,
 * `${VAR-default}`, `${VAR:?message}`, `${VAR?message}`, `${VAR:+instead}`, `${VAR+instead}`, and `$$` for a dollar.
 * With the colon an empty value counts as unset. What comes after the operator may hold variables itself.
 */
export function interpolate(text: string, env: Env): string {
  let at = 0
  const result = run(false)
  return result

  function run(inBraces: boolean): string {
    let out = ''
    while (at < text.length) {
      const char = text[at]!
      if (inBraces && char === '}') return out
      if (char !== '$') {
        out += char
        at++
        continue
      }
      at++
      if (text[at] === '$') {
        out += '$'
        at++
      } else if (text[at] === '{') {
        at++
        out += braced()
      } else {
        const name = takeName()
        if (name === '') throw new InterpolationError(`a lone $ in ${JSON.stringify(text)}; write $$ for a dollar`)
        out += env[name] ?? ''
      }
    }
    return out
  }

  function braced(): string {
    const name = takeName()
    const operator = /^(:?[-?+])/.exec(text.slice(at))?.[1] ?? ''
    at += operator.length
    const word = operator === '' ? '' : run(true)
    if (name === '' || text[at] !== '}') throw new InterpolationError(`${JSON.stringify(text)} has a broken \${...}`)
    at++
    const value = env[name]
    const isSet = value !== undefined && !(operator.startsWith(':') && value === '')
    switch (operator.at(-1)) {
      case '-':
        return isSet ? value : word
      case '+':
        return isSet ? word : ''
      case '?':
        if (!isSet) throw new InterpolationError(`the variable ${name} must be set${word === '' ? '' : `: ${word}`}`)
        return value
      default:
        return value ?? ''
    }
  }

  function takeName(): string {
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(at))?.[0] ?? ''
    at += name.length
    return name
  }
}
