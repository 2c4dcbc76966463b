import { LabCommand } from '../base.ts'

export class ClassStatus extends LabCommand {
  static override summary = 'Whether this lab tells a class how your checks go, which one, and what it tells'
  static override examples = ['<%= config.bin %> class status']
  static override enableJsonFlag = true

  async run() {
    await this.parse(ClassStatus)
    const [{ findWorkspace }, { membershipOf }] = await Promise.all([
      import('../../workspace.ts'),
      import('./membership.ts'),
    ])
    const found = await membershipOf(await findWorkspace()).read()
    if (found === undefined) {
      this.log('You are in no class: nothing is told to anybody.\n→ otel-lab class join URL')
      return { joined: false }
    }
    const { className, name, url, joinedAt } = found
    const host = new URL(url).host
    this.log(
      `You are in the class ${className} at ${host}, as ${name}, since ${joinedAt.slice(0, 16).replace('T', ' ')}.`,
    )
    this.log('After each check it is told the exercise, its checks and how they failed, hints, and the time.')
    this.log('→ otel-lab class leave')
    return { joined: true, className, name, host, joinedAt }
  }
}
