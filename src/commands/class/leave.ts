import { LabCommand } from '../base.ts'

export class ClassLeave extends LabCommand {
  static override summary = 'Tell the class nothing any more'
  static override examples = ['<%= config.bin %> class leave']
  static override enableJsonFlag = true

  async run() {
    await this.parse(ClassLeave)
    const [{ findWorkspace }, { membershipOf }] = await Promise.all([
      import('../../workspace.ts'),
      import('./membership.ts'),
    ])
    const left = await membershipOf(await findWorkspace()).leave(new Date())
    this.log(left ? `You have left the class ${left.className}. Nothing is told any more.` : 'You are in no class.')
    return { left: left?.className ?? null }
  }
}
