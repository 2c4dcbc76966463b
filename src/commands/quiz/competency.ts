import { EXIT, LabError } from '../../errors.ts'
import { COMPETENCIES } from '../../exercises/format/competencies.ts'

/** A competency, or some, by its id, a part of it, or its domain. Throws LabError `no-such-competency`. */
export function matching(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const wanted = text.trim().toLowerCase().replaceAll(/\s+/g, '-')
  const all = Object.keys(COMPETENCIES)
  if (all.some((id) => id.includes(wanted))) return wanted
  throw new LabError('no-such-competency', `no competency is called ${text}`, {
    hint: `There are:\n${all.map((id) => `  ${id}`).join('\n')}`,
    exit: EXIT.usage,
  })
}
