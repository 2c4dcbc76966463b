import type { ConfigSection } from '../../config.ts'
import { anchoredRegExp } from '../go-regexp.ts'
import type { RelabelAction, RelabelRule } from '../relabel.ts'

const KEYS = ['source_labels', 'separator', 'regex', 'modulus', 'target_label', 'replacement', 'action']
const ACTIONS = new Set<string>([
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
])
const NEEDS_TARGET = new Set<string>(['replace', 'hashmod', 'lowercase', 'uppercase', 'keepequal', 'dropequal'])

/** The rules under `key`, checked as Prometheus checks them. */
export function relabelRules(parent: ConfigSection, key: string): RelabelRule[] {
  return parent.sections(key).map((section) => {
    section.only(KEYS, 'relabel.plain')
    const action = section.string('action', 'replace').toLowerCase()
    if (!ACTIONS.has(action)) throw section.error('action', `unknown relabel action "${action}"`)
    const targetLabel = section.string('target_label', '')
    if (NEEDS_TARGET.has(action) && targetLabel === '') {
      throw section.error('action', `relabel configuration for ${action} action requires 'target_label' value`)
    }
    const modulus = section.number('modulus', 0)
    if (action === 'hashmod' && modulus === 0) {
      throw section.error('action', 'relabel configuration for hashmod requires non-zero modulus')
    }
    if (action === 'labeldrop' || action === 'labelkeep') {
      const extra = section.keys().find((name) => name !== 'regex' && name !== 'action')
      if (extra) throw section.error(extra, `${action} action requires only 'regex', and no other fields`)
    }
    let regex: RegExp
    try {
      regex = anchoredRegExp(section.string('regex', '(.*)'))
    } catch (error) {
      throw section.error('regex', (error as Error).message)
    }
    return {
      action: action as RelabelAction,
      sourceLabels: section.strings('source_labels'),
      separator: section.string('separator', ';'),
      regex,
      targetLabel,
      replacement: section.string('replacement', '$1'),
      modulus,
    }
  })
}
