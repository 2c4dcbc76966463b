import { openMembership } from '../../class/member.ts'
import type { Exercise, Report } from '../../exercises.ts'
import type { Workspace } from '../../workspace.ts'

export const classFile = (workspace: Workspace) => workspace.statePath('class.json')
export const membershipOf = (workspace: Workspace) => openMembership(classFile(workspace))

/** Tells the class, where this lab is in one, how a check went. Whatever comes of it, the check has gone as it went. */
export async function tellClass(
  workspace: Workspace,
  { course, number, slug }: Exercise,
  { verdict, results }: Report,
  { hints, applied, at }: { hints: number; applied: boolean; at: number },
): Promise<void> {
  await membershipOf(workspace)
    .tell({
      ...{ at, kind: 'checked', course, number, slug, verdict, hints, applied },
      results: results.map(({ id, verdict: how, case: name }) => [id, how, ...(name ? [name] : [])].join(':')),
    })
    .catch(() => undefined)
}
