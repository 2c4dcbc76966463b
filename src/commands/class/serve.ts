import { Args, Flags } from '@oclif/core'
import { LabCommand } from '../base.ts'

const PORT = 4400

export class ClassServe extends LabCommand {
  static override summary = 'Run a class: see where each learner is, who is stuck, and what goes wrong most'
  static override description = [
    "Learners who say yes (class join) tell this machine how each of their checks went: the exercise, which checks failed and how, hints, times, and the name that they give themselves. No programs, no answers, no telemetry. It is written down here before it is acknowledged, and handed on to your own lab's Loki as log records of the service otel-lab-class.",
    'Only this machine is let in unless you say --lan. Who has not the whole address, with its secret, is told nothing. Ctrl-C ends it; begun again with the same name it goes on.',
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> class serve',
    { description: 'For a room', command: '<%= config.bin %> class serve "Tuesday" --lan' },
    {
      description: 'What was told, in Loki',
      command: `<%= config.bin %> query loki '{service_name="otel-lab-class"}'`,
    },
  ]
  static override args = { name: Args.string({ description: 'what it is called', default: 'class' }) }
  static override flags = {
    lan: Flags.boolean({ description: 'let the network in, not only this machine' }),
    port: Flags.integer({ description: 'where it listens', default: PORT, min: 0, max: 65_535 }),
  }

  async run() {
    const { args, flags } = await this.parse(ClassServe)
    const signal = this.interruptSignal()
    const { runClass } = await import('./run.ts')
    await runClass({ name: args.name, lan: flags.lan, port: flags.port, signal, say: (text) => this.log(text) })
  }
}
