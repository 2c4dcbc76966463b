import { randomInt } from 'node:crypto'
import { Flags } from '@oclif/core'
import { EXIT, LabError } from '../errors.ts'
import type { Grade, Question } from '../quiz.ts'
import { LabCommand } from './base.ts'

export class Quiz extends LabCommand {
  static override summary = 'Test what you know of the way that telemetry takes'
  static override description =
    'Multiple choice, in another order each round; every wrong choice says what is wrong with it. Stop whenever you like: the lab keeps your round. Without a lab folder it works too, but forgets.'
  static override examples = [
    '<%= config.bin %> quiz',
    { description: 'Begin a new round', command: '<%= config.bin %> quiz --reset' },
    { description: 'The questions for a script', command: '<%= config.bin %> quiz --json' },
    { description: 'Some by their number', command: '<%= config.bin %> quiz --seed 1 --answers 3=b,7=a --json' },
    { description: 'By letter, in the order shown', command: '<%= config.bin %> quiz --seed 1 --answers a,c,-,b' },
  ]
  static override enableJsonFlag = true
  static override flags = {
    answers: Flags.string({ description: 'number=letter, or letters in the order shown, with commas between them' }),
    seed: Flags.integer({ description: 'the order of questions and choices', min: 0 }),
    reset: Flags.boolean({ description: 'forget the answers and begin anew' }),
  }

  async run() {
    const { flags } = await this.parse(Quiz)
    const [quiz, { findWorkspace }, { canAsk }, view] = await Promise.all([
      import('../quiz.ts'),
      import('../workspace.ts'),
      import('../ui/prompt.ts'),
      import('./quiz/view.ts'),
    ])
    const workspace = await findWorkspace().catch((error) => {
      if (error instanceof LabError && error.code === 'no-lab') return undefined
      throw error
    })
    const all = await quiz.loadQuiz()
    const progress = await quiz.openProgress(workspace?.statePath('quiz.json'), () => randomInt(2 ** 31))
    if (flags.reset) {
      await progress.reset()
      if (flags.answers === undefined && (this.jsonEnabled() || !canAsk())) this.log('The quiz begins anew.\n')
    }
    if (flags.seed !== undefined) await progress.reseed(flags.seed)
    const questions = quiz.arrange(all, progress.round().seed)
    const grades: Grade[] = []
    if (flags.answers !== undefined) {
      const given = quiz.parseAnswers(flags.answers, questions)
      await progress.add(given)
      for (const [i, question] of questions.entries()) {
        const key = given[question.id]
        if (key === undefined) continue
        const graded = quiz.grade(question, key)
        grades.push(graded)
        const text = question.choices.find((choice) => choice.key === key)!.text
        this.log(`${i + 1}. ${question.ask}\n   ${text}\n   ${view.renderGrade(graded)}\n`)
      }
      if (grades.some(({ right }) => !right)) this.endWith(EXIT.failed)
    } else if (!this.jsonEnabled() && canAsk()) {
      await this.#ask(questions, progress, workspace !== undefined)
    } else {
      for (const [i, question] of questions.entries()) this.log(`${view.renderQuestion(question, i + 1)}\n`)
      this.log(
        `Answer by letter in this order: otel-lab quiz --seed ${progress.round().seed} --answers a,b,...\nor some of them by number: otel-lab quiz --seed ${progress.round().seed} --answers 3=b,7=a`,
      )
    }
    const { answers, seed } = progress.round()
    const score = quiz.scoreOf(all, answers)
    if (score.answered > 0) this.log(view.renderScore(score))
    return { seed, score, graded: grades, questions: questions.map((question) => toAsk(question, answers)) }
  }

  /** One after the other, from where the round was left. */
  async #ask(
    questions: Question[],
    progress: Awaited<ReturnType<typeof import('../quiz.ts')['openProgress']>>,
    kept: boolean,
  ): Promise<void> {
    const [quiz, { promptSelect }, view] = await Promise.all([
      import('../quiz.ts'),
      import('../ui/prompt.ts'),
      import('./quiz/view.ts'),
    ])
    const open = questions.filter(({ id }) => progress.round().answers[id] === undefined)
    if (open.length < questions.length && open.length > 0)
      this.log(`On with the ${open.length} that are left. From the start: otel-lab quiz --reset\n`)
    for (const question of open) {
      const at = questions.length - open.length + open.indexOf(question) + 1
      const choices = question.choices.map(({ key, text }) => ({ name: key, message: text }))
      const key = await promptSelect(`${at}/${questions.length}  ${question.ask}`, choices)
      if (key === undefined) {
        this.log(kept ? '\nYour answers are kept. On with it: otel-lab quiz' : '\nUntil next time.')
        this.endWith(EXIT.interrupted)
        return
      }
      await progress.add({ [question.id]: key })
      this.log(`${view.renderGrade(quiz.grade(question, key))}\n`)
    }
  }
}

/** A question without what would give it away. */
function toAsk({ id, ask, choices }: Question, answers: Readonly<Record<string, string>>) {
  return {
    id,
    ask,
    choices: choices.map(({ key, text }, i) => ({ letter: String.fromCharCode(97 + i), key, text })),
    ...(answers[id] === undefined ? {} : { answered: answers[id] }),
  }
}
