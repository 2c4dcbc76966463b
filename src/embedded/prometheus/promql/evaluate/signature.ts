import { type Labels, labelValue } from '../../../series/labels.ts'

/** What two series must have alike to be matched or grouped; the same texts mean the same labels. */
export function signatureOf(names: readonly string[], keep: boolean): (labels: Labels) => string {
  if (keep) {
    const sorted = [...new Set(names)].sort()
    return (labels) => sorted.map((name) => labelValue(labels, name)).join('\xff')
  }
  const left = new Set([...names, '__name__'])
  return (labels) => {
    let signature = ''
    for (let i = 0; i < labels.length; i += 2) {
      if (!left.has(labels[i]!)) signature += `${labels[i]}\xff${labels[i + 1]}\xff`
    }
    return signature
  }
}
