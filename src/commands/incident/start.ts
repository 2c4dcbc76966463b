import { Flags } from '@oclif/core'
import { LabCommand } from '../base.ts'

export class IncidentStart extends LabCommand {
  static override summary = 'Break something in the running lab, or nothing, without saying what'
  static override description =
    'Find it with queries, traces, logs and configs; say where and why with `otel-lab incident answer`; mend it; prove it with `otel-lab incident check`. The same seed and level break the same.'
  static override examples = ['<%= config.bin %> incident start', '<%= config.bin %> incident start --level 2 --seed 7']
  static override enableJsonFlag = true
  static override flags = {
    seed: Flags.integer({ description: 'which one; by chance when left out', min: 0 }),
    level: Flags.integer({ description: '1 is plain; from 2 on there may be two at once', default: 1, min: 1, max: 3 }),
  }

  async run() {
    const { flags } = await this.parse(IncidentStart)
    const [{ randomInt }, { openIncidentLab }, { startIncident }, { renderChoices }] = await Promise.all([
      import('node:crypto'),
      import('../../lab/incident-lab.ts'),
      import('../../incidents.ts'),
      import('./view.ts'),
    ])
    const { lab, all } = await openIncidentLab(this.interruptSignal(), process.env)
    const { level, seed = randomInt(1, 10_000) } = flags
    const incident = await startIncident(lab, all, { level, seed })
    this.log(
      `Incident ${seed} at level ${level} is on. Somebody says that telemetry does not come as it should. Is it so?`,
    )
    this.log(`The app runs with what configs/app.env says, when there is one, and your shell.\n`)
    this.log(renderChoices(incident, all))
    this.log('\n→ otel-lab run, and look for what came of it: otel-lab query, otel-lab trace, otel-lab logs')
    this.log('→ otel-lab incident answer HOP:LETTER, or: otel-lab incident answer nothing')
    return { seed, level, startedAt: incident.startedAt, choices: incident.choices.map((name) => titleOf(all, name)) }
  }
}

const titleOf = (all: readonly { name: string; title: string }[], name: string) =>
  all.find((fault) => fault.name === name)?.title ?? name
