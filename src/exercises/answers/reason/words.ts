/** A word of what a learner wrote, or the end of a clause. */
export interface Word {
  /** Small letters or digits; '' where a clause ends. */
  text: string
}

/** More than anybody needs to say why; it also bounds the time that judging takes. */
const MAX_WORDS = 120

/** `isn't`, and as people type it in a hurry. */
const SHORT_NOT = /\b(is|are|was|were|do|does|did|has|have|had|could|would|should|need|must|ai|ca|wo)n['\u2019]?t\b/g
const SPELLED: Record<string, string> = { ca: 'can', wo: 'will', ai: 'is' }
/** A scan by its name or path says nothing of why. */
const FILE =
  /(?<![\w.])(?:~|\.{1,2})?(?:\/[\w.-]+)+|\b[\w-]+(?:\/[\w.-]+)*\.nii(?:\.gz)?\b|\bsub-?\d+\w*|\b[0-9a-f]{16,32}\b/g

export function wordsOf(text: string): Word[] {
  const spelled = text
    .toLowerCase()
    .replaceAll(FILE, ' ')
    .replaceAll(SHORT_NOT, (_, verb: string) => `${SPELLED[verb] ?? verb} not`)
    .replaceAll(/\bcannot\b/g, 'can not')
    .replaceAll(/['\u2019]s\b/g, '')
    .replaceAll(/['\u2019]/g, '')
    .replaceAll(/\(\s*\d+(?:\s*,\s*\d+)+,?\s*\)/g, (tuple) =>
      tuple.replaceAll(/[(),\s]+/g, ' x ').replace(/^ x | x $/g, ' '),
    )
    .replaceAll(/\b(\d+)[x*](?=\d)/g, '$1 x ')
    .replaceAll(/([a-z_]): ?(?=\d)/g, '$1 ')
    .replaceAll(/\bn\/a\b/g, 'na')
    .replaceAll(/!=|\u2260|<>/g, ' not equal ')
    .replaceAll(/(?<![\w!?<])[!\u00ac~]+(?=\w)/g, ' not ')
  const found = spelled.match(/[a-z]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?|[,;:.!?()\n\u2013\u2014]|-(?= )/g) ?? []
  return found.slice(0, MAX_WORDS).map((part) => ({ text: /^[a-z\d]/.test(part) ? part : '' }))
}
