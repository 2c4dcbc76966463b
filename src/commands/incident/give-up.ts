import { LabCommand } from '../base.ts'

export class IncidentGiveUp extends LabCommand {
  static override summary = 'Take everything out again, and say what it was'
  static override examples = ['<%= config.bin %> incident give-up']
  static override enableJsonFlag = true

  async run() {
    await this.parse(IncidentGiveUp)
    const [{ openIncidentLab }, { giveUp }, { renderFault, renderScore }] = await Promise.all([
      import('../../lab/incident-lab.ts'),
      import('../../incidents.ts'),
      import('./view.ts'),
    ])
    const { lab, all } = await openIncidentLab(this.interruptSignal(), process.env)
    const { faults, score, kept } = await giveUp(lab, all)
    this.log(faults.length === 0 ? 'Nothing was wrong.' : faults.map(renderFault).join('\n\n'))
    for (const path of kept) this.log(`\nWhat you had changed is kept in ${path}`)
    this.log(`\n${renderScore(score)}`)
    return { faults: faults.map(({ name, title, hop, cause }) => ({ name, title, hop, cause })), score, kept }
  }
}
