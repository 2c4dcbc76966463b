import { paint } from '../../ui/paint.ts'
import { canAsk, promptKey } from '../../ui/prompt.ts'

/** Tells the tour: chapters with a title, what is about to happen, and a pause between them for a reader. */
export interface Guide {
  say(text: string): void
  /** False when the reader has had enough. */
  chapter(title: string, words: string): Promise<boolean>
}

export function createGuide(options: { log: (text: string) => void; pauses: boolean }): Guide {
  const p = paint()
  let number = 0
  return {
    say: options.log,
    async chapter(title, words) {
      if (number > 0 && options.pauses && canAsk() && !(await promptKey('Enter goes on, Ctrl-C ends the tour')))
        return false
      number++
      options.log(`\n${p.bold(p.cyan(`${number}. ${title}`))}\n${words}\n`)
      return true
    },
  }
}
