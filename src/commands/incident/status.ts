import { LabCommand } from '../base.ts'

export class IncidentStatus extends LabCommand {
  static override summary = 'What is known of the incident that is on, and what it has taken so far'
  static override examples = ['<%= config.bin %> incident status']
  static override enableJsonFlag = true

  async run() {
    await this.parse(IncidentStatus)
    const [{ openIncidentLab }, { openIncident, queries }, { renderChoices }] = await Promise.all([
      import('../../lab/incident-lab.ts'),
      import('../../incidents.ts'),
      import('./view.ts'),
    ])
    const { lab, all } = await openIncidentLab(this.interruptSignal(), process.env)
    const incident = await openIncident(lab)
    const { seed, level, startedAt, answers, tries } = incident
    const asked = await queries(lab, incident)
    const seconds = (lab.now() - startedAt) / 1000
    const span = seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} minutes`
    const found = answers.some(({ right }) => right)
    this.log(
      `Incident ${seed} at level ${level}: ${span}, ${asked} ${asked === 1 ? 'query' : 'queries'}, ${answers.length} of 3 answers.`,
    )
    const last = tries.at(-1)
    if (last)
      this.log(
        last.missing.length > 0
          ? `At the last check ${last.missing.join(', ')} did not come out.`
          : 'The mend held at the last check.',
      )
    this.log(`\n${renderChoices(incident, all)}`)
    this.log(
      found
        ? '\n→ You have found it. Mend it, then: otel-lab incident check'
        : '\n→ otel-lab incident answer HOP:LETTER',
    )
    return { seed, level, startedAt, queries: asked, answers: answers.length, found, tries }
  }
}
