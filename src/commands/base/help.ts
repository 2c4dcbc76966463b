import { CommandHelp, Help } from '@oclif/core'
import { wrapProse } from '../../ui/wrap.ts'

/** What one can type is in the list of flags below; a line of brackets in brackets tells nobody anything. */
class LabCommandHelp extends CommandHelp {
  protected override defaultUsage(): string {
    const { id, args, strict } = this.command
    const named = Object.values(args).map(({ name, required, multiple }) => {
      const word = `${name.toUpperCase()}${multiple || strict === false ? '...' : ''}`
      return required ? word : `[${word}]`
    })
    return [id, ...named, '[options]'].join(' ')
  }

  /** Lines of the source are not lines of the text; a blank one is. */
  protected override description(): string | undefined {
    const { summary, description } = this.command
    const text = (description ?? '').split(/\n{2,}/).map((part) => part.replaceAll('\n', ' '))
    return this.wrap([summary ?? '', ...text].filter((part) => part.trim() !== '').join('\n\n'))
  }
}

/** oclif's help, which fits the terminal also in its titles and examples. */
export class LabHelp extends Help {
  protected override CommandHelpClass = LabCommandHelp

  protected override log(...args: string[]): void {
    super.log(...args.map((text) => wrapProse(text, this.opts.maxWidth)))
  }
}
