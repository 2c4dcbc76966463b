/** How names that only a newer Prometheus can read are put to an older one (prometheus/common model.EscapeName). */
export type Escaping = 'allow-utf-8' | 'underscores' | 'dots' | 'values'

const VALID = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/

export function escapeName(name: string, escaping: Escaping): string {
  if (escaping === 'allow-utf-8' || name === '') return name
  if (escaping === 'underscores') return VALID.test(name) ? name : mapChars(name, () => '_')
  if (escaping === 'dots') {
    return [...name]
      .map((char, i) => (char === '_' ? '__' : char === '.' ? '_dot_' : validAt(char, i) ? char : '__'))
      .join('')
  }
  if (VALID.test(name)) return name
  return `U__${mapChars(name.replaceAll('_', '__'), (char) => `_${char.codePointAt(0)!.toString(16)}_`)}`
}

function mapChars(name: string, other: (char: string) => string): string {
  return [...name].map((char, i) => (validAt(char, i) ? char : other(char))).join('')
}

function validAt(char: string, i: number): boolean {
  return /[a-zA-Z_:]/.test(char) || (/[0-9]/.test(char) && i > 0)
}

/** What a scraper takes: OpenMetrics or not, and how names are to be escaped (expfmt.Negotiate). */
export function negotiate(
  accept: string,
  openMetricsOn: boolean,
): { openMetrics: boolean; escaping: Escaping; version: string } {
  const offers = accept
    .split(',')
    .map((part, i) => {
      const [type, ...params] = part.split(';').map((text) => text.trim())
      const of = (name: string) =>
        params
          .find((param) => param.toLowerCase().startsWith(`${name}=`))
          ?.slice(name.length + 1)
          .replaceAll('"', '')
      return { type: type!.toLowerCase(), q: Number(of('q') ?? 1), version: of('version'), escaping: of('escaping'), i }
    })
    .sort((a, b) => b.q - a.q || a.i - b.i)
  for (const { type, version, escaping } of offers) {
    const known = (['allow-utf-8', 'underscores', 'dots', 'values'] as const).find((name) => name === escaping)
    const scheme = known ?? 'underscores'
    if (
      openMetricsOn &&
      type === 'application/openmetrics-text' &&
      ['0.0.1', '1.0.0', '', undefined].includes(version)
    ) {
      return { openMetrics: true, escaping: scheme, version: version === '1.0.0' ? '1.0.0' : '0.0.1' }
    }
    if (type === 'text/plain' && ['0.0.4', '', undefined].includes(version)) {
      return { openMetrics: false, escaping: scheme, version: '0.0.4' }
    }
  }
  return { openMetrics: false, escaping: 'underscores', version: '0.0.4' }
}
