import { userInfo } from 'node:os'
import { Args, Flags } from '@oclif/core'
import { EXIT, LabError } from '../../errors.ts'
import { LabCommand } from '../base.ts'

export class ClassJoin extends LabCommand {
  static override summary = "Let an instructor's class know how your checks go"
  static override description =
    'You are shown what is told, and asked. From then on each check tells the class: the exercise, which of its checks passed or failed and how, hints, the time, and the name that you give yourself. Never your programs, answers, queries or telemetry. It says so after each check; `class leave` ends it at any time.'
  static override examples = [
    '<%= config.bin %> class join http://192.168.1.5:4400/Xf3...',
    { description: 'Without being asked', command: '<%= config.bin %> class join http://... --as Ada --yes' },
  ]
  static override enableJsonFlag = true
  static override args = { url: Args.string({ description: 'what the instructor shows', required: true }) }
  static override flags = {
    as: Flags.string({ description: 'the name that is shown there' }),
    yes: Flags.boolean({ description: 'it may be told; do not ask' }),
  }

  async run() {
    const { args, flags } = await this.parse(ClassJoin)
    const [{ askClass }, { findWorkspace }, { membershipOf }, prompt] = await Promise.all([
      import('../../class/member.ts'),
      import('../../workspace.ts'),
      import('./membership.ts'),
      import('../../ui/prompt.ts'),
    ])
    const membership = membershipOf(await findWorkspace({ create: true }))
    const before = await membership.read()
    if (before) {
      throw new LabError('in-a-class', `you are in the class ${before.className} already, as ${before.name}`, {
        hint: 'otel-lab class leave',
        exit: EXIT.usage,
      })
    }
    const asked = await askClass(args.url)
    const mayAsk = !this.jsonEnabled() && prompt.canAsk()
    if (!flags.yes && !mayAsk) {
      throw new LabError('not-asked', 'nothing is told to anybody who was not allowed to know it', {
        hint: `Say yes to it: otel-lab class join ${args.url} --yes`,
        exit: EXIT.usage,
      })
    }
    this.log(`The class ${asked.className} at ${new URL(asked.url).host} would be told, after each check:\n`)
    this.log('  the exercise; each of its checks, whether it passed, and how it failed; hints; the time')
    this.log('  a name, and a random id for this lab\n')
    this.log('and never your programs, answers, queries or telemetry. `otel-lab class leave` ends it.\n')
    const name = flags.as ?? (mayAsk ? await prompt.promptText(`Your name there (${userName()})`) : userName())
    if (name === undefined) return this.#not()
    if (!flags.yes) {
      const answer = await prompt.promptSelect('May it be told?', [
        { name: 'yes', message: 'Yes' },
        { name: 'no', message: 'No' },
      ])
      if (answer !== 'yes') return this.#not()
    }
    const joined = await membership.join(asked, name === '' ? userName() : name, new Date())
    const sent = await membership.tell({ at: Date.now(), kind: 'joined', results: [], hints: 0, applied: false })
    this.log(`You are in the class ${joined.className}, as ${joined.name}.\n→ otel-lab learn\n→ otel-lab class leave`)
    return { joined: true, className: joined.className, name: joined.name, waiting: sent?.waiting ?? 0 }
  }

  #not() {
    this.log('Nothing was told to anybody.')
    return { joined: false }
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'somebody'
  }
}
