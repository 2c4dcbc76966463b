import { createHash } from 'node:crypto'
import { expandTemplate } from './go-regexp.ts'

export type RelabelAction =
  | 'replace'
  | 'keep'
  | 'drop'
  | 'keepequal'
  | 'dropequal'
  | 'hashmod'
  | 'labelmap'
  | 'labeldrop'
  | 'labelkeep'
  | 'lowercase'
  | 'uppercase'

export interface RelabelRule {
  action: RelabelAction
  sourceLabels: string[]
  separator: string
  regex: RegExp
  targetLabel: string
  replacement: string
  modulus: number
}

/** Applies the rules in order (prometheus/model/relabel). `labels` is changed; false means: drop it. */
export function relabel(labels: Map<string, string>, rules: readonly RelabelRule[]): boolean {
  return rules.every((rule) => apply(labels, rule))
}

function set(labels: Map<string, string>, name: string, value: string): void {
  if (value === '') labels.delete(name)
  else labels.set(name, value)
}

function apply(labels: Map<string, string>, rule: RelabelRule): boolean {
  const { regex, targetLabel } = rule
  const value = rule.sourceLabels.map((name) => labels.get(name) ?? '').join(rule.separator)
  switch (rule.action) {
    case 'keep':
      return regex.test(value)
    case 'drop':
      return !regex.test(value)
    case 'keepequal':
      return (labels.get(targetLabel) ?? '') === value
    case 'dropequal':
      return (labels.get(targetLabel) ?? '') !== value
    case 'replace': {
      const match = regex.exec(value)
      if (match === null) return true
      const name = expandTemplate(targetLabel, match)
      if (name !== '') set(labels, name, expandTemplate(rule.replacement, match))
      return true
    }
    case 'lowercase':
      set(labels, targetLabel, value.toLowerCase())
      return true
    case 'uppercase':
      set(labels, targetLabel, value.toUpperCase())
      return true
    case 'hashmod': {
      const sum = createHash('md5').update(value).digest().readBigUInt64BE(8)
      set(labels, targetLabel, String(sum % BigInt(rule.modulus)))
      return true
    }
    case 'labelmap':
      for (const [name, text] of [...labels]) {
        const match = regex.exec(name)
        if (match !== null) set(labels, expandTemplate(rule.replacement, match), text)
      }
      return true
    case 'labeldrop':
      for (const name of [...labels.keys()]) if (regex.test(name)) labels.delete(name)
      return true
    case 'labelkeep':
      for (const name of [...labels.keys()]) if (!regex.test(name)) labels.delete(name)
      return true
  }
}
