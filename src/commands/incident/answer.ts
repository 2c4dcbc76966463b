import { Args } from '@oclif/core'
import { EXIT } from '../../errors.ts'
import { LabCommand } from '../base.ts'

export class IncidentAnswer extends LabCommand {
  static override summary = 'Say where it is broken and why: HOP:LETTER for each thing, or nothing'
  static override description =
    'The letters are those of `otel-lab incident status`. Three answers are all there are, and one that blames what is healthy costs. Exit code 1 when it is not right.'
  static override strict = false
  static override examples = [
    '<%= config.bin %> incident answer processor:b',
    '<%= config.bin %> incident answer scrape:a sdk:f',
    '<%= config.bin %> incident answer nothing',
  ]
  static override enableJsonFlag = true
  static override args = { blame: Args.string({ required: true, description: 'HOP:LETTER, or nothing' }) }

  async run() {
    const { argv } = await this.parse(IncidentAnswer)
    const [{ openIncidentLab }, { answerIncident }] = await Promise.all([
      import('../../lab/incident-lab.ts'),
      import('../../incidents.ts'),
    ])
    const { lab, all } = await openIncidentLab(this.interruptSignal(), process.env)
    const { answer, left, healthy } = await answerIncident(lab, all, argv as string[])
    if (answer.right) {
      const rest = answer.blamed.length === 0 ? 'Nothing was wrong.' : 'That is it.'
      this.log(
        `${rest}\n→ ${answer.blamed.length === 0 ? 'Prove it' : 'Mend it, then prove that it holds'}: otel-lab incident check`,
      )
    } else {
      this.endWith(EXIT.failed)
      const why =
        healthy.length > 0
          ? `${[...new Set(healthy)].join(', ')} does its part.`
          : answer.blamed.length === 0
            ? 'Something is wrong.'
            : 'The place is right as far as it goes; the cause is not, or there is more.'
      const more =
        left > 0
          ? `${left} answers are left.\n→ otel-lab incident status`
          : 'That was the last answer.\n→ otel-lab incident give-up'
      this.log(`Not right. ${why} ${more}`)
    }
    return { right: answer.right, left, healthy }
  }
}
