import { EXIT } from '../../errors.ts'
import { LabCommand } from '../base.ts'

export class IncidentCheck extends LabCommand {
  static override summary = 'Run the app for half a minute: does everything come out now?'
  static override description =
    'When it was found and the mend holds, the incident is over and its score is told; the lab stays as you have mended it. Exit code 1 when something is missing.'
  static override examples = ['<%= config.bin %> incident check']
  static override enableJsonFlag = true

  async run() {
    await this.parse(IncidentCheck)
    const [{ openIncidentLab }, { checkMend, HOLD_MS }, { renderScore }, { liveLine }] = await Promise.all([
      import('../../lab/incident-lab.ts'),
      import('../../incidents.ts'),
      import('./view.ts'),
      import('../../ui/live-line.ts'),
    ])
    const { lab, all } = await openIncidentLab(this.interruptSignal(), process.env)
    const line = liveLine({ quiet: this.jsonEnabled() })
    const held = await checkMend(lab, all, {
      onRun: (runs, seconds) =>
        line.show(
          `${runs} ${runs === 1 ? 'run' : 'runs'}, ${seconds.toFixed(0)} s; it must hold for ${HOLD_MS / 1000} s`,
        ),
    }).finally(() => line.show(undefined))
    if (!held.held) {
      this.endWith(EXIT.failed)
      this.log(`Not mended: of the last run ${held.missing.join(', ')} did not come out as they should.`)
      this.log('→ otel-lab incident status')
    } else if (held.score) {
      this.log(`It holds: ${held.runs} runs in ${held.seconds.toFixed(0)} s, every signal of each came out.\n`)
      this.log(renderScore(held.score))
    } else {
      this.endWith(EXIT.failed)
      this.log(
        'Everything comes out. What was it?\n→ otel-lab incident answer HOP:LETTER, or: otel-lab incident answer nothing',
      )
    }
    return held
  }
}
