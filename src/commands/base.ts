import { format } from 'node:util'
import { Command } from '@oclif/core'
import { EXIT, type ExitCode } from '../errors.ts'
import { nameCommands } from '../ui/command-name.ts'
import { outputWidth } from '../ui/width.ts'
import { wrapProse } from '../ui/wrap.ts'

/**
 * What every command shares: an error is printed by its kind (as JSON under `--json`) and becomes the exit
 * code that src/errors.ts names for it. A command that scripts may read sets `static enableJsonFlag = true`
 * and returns its answer; `this.log` is silent then.
 */
export abstract class LabCommand extends Command {
  #abort: AbortController | undefined

  /**
   * Aborted at the first Ctrl-C, so that the command can clear up; a second one ends it at once.
   * A command that never asks for it simply dies of Ctrl-C.
   */
  protected interruptSignal(): AbortSignal {
    if (this.#abort) return this.#abort.signal
    const abort = new AbortController()
    this.#abort = abort
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        // The learner pressed it again: whatever clears up takes too long.
        if (abort.signal.aborted) process.exit(EXIT.interrupted)
        // In a terminal the signal reaches our children too; see passOn in src/workload.ts.
        const fromTerminal = name === 'SIGINT' && process.stdin.isTTY === true
        abort.abort(Object.assign(new Error('interrupted'), { name: 'AbortError', fromTerminal }))
      })
    }
    return abort.signal
  }

  /** What a killed command left in a config is put back before anything else is done with the lab. */
  override async init(): Promise<void> {
    await super.init()
    const { recoverLab } = await import('../lab/recover.ts')
    await recoverLab((text) => this.logToStderr(text))
  }

  protected override async catch(error: Error): Promise<void> {
    // Loaded only now: what an error looks like must not slow the commands that go well.
    const { errorToJson, exitCodeOf, renderError } = await import('./base/report.ts')
    const interrupted = this.#abort?.signal.aborted === true
    const exit = interrupted ? EXIT.interrupted : exitCodeOf(error)
    this.endWith(exit)
    if (this.jsonEnabled()) this.logJson({ error: errorToJson(error, exit) })
    else if (interrupted) this.logToStderr('Interrupted.')
    else this.logToStderr(renderError(error, { command: `${this.config.bin} ${this.id?.replaceAll(':', ' ') ?? ''}` }))
  }

  /** Prose fits the terminal; what goes into a pipe is not wrapped. */
  override log(message = '', ...args: unknown[]): void {
    super.log(this.#fit(message, args))
  }

  /** What is not ours to break: a file's text, a program's output, a line of a log. */
  verbatim(text: string): void {
    if (!this.jsonEnabled()) process.stdout.write(`${text}\n`)
  }

  override logToStderr(message = '', ...args: unknown[]): void {
    super.logToStderr(this.#fit(message, args))
  }

  /** The exit code, once everything is printed; such as `failed` after a printed verdict. */
  protected endWith(code: ExitCode | number): void {
    process.exitCode = code
  }

  #fit(message: string, args: unknown[]): string {
    return wrapProse(this.asTyped(args.length > 0 ? format(message, ...args) : message), outputWidth())
  }

  /** A text with its commands named as they are typed here; for what is laid out before it is printed. */
  protected asTyped(text: string): string {
    const { bin, commandIDs } = this.config
    return nameCommands(text, bin, firstWords(commandIDs))
  }
}

const firstWords = (ids: readonly string[]) => [...new Set(ids.map((id) => id.split(':')[0]!))]
