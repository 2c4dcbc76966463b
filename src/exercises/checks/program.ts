import { Type } from '@sinclair/typebox'
import { defineCheck } from '../check-kind.ts'
import { oneOrMore } from '../format/words.ts'
import { fail, pass } from '../verdict.ts'

export const program = defineCheck({
  name: 'program',
  about: 'How a program of the drive ended, and what it said',
  parameters: {
    step: Type.Optional(Type.String({ description: 'Its name in drive.run; all of them unless said' })),
    exit: Type.Optional(oneOrMore(Type.Integer(), 'Its exit code, or its HTTP status; 0 unless said')),
    output: Type.Optional(Type.String({ description: 'A regular expression that its output must match' })),
    not: Type.Optional(Type.String({ description: 'A regular expression that its output must not match' })),
  },
  words: {
    expected: 'a program that does its work and says so',
    why: 'Telemetry of a program that failed to start says nothing of the one you wrote',
  },
  async run({ attempt }, { step, exit = 0, output, not }) {
    const steps = attempt.steps.filter(({ name }) => step === undefined || name === step)
    const codes = [exit].flat()
    const query = `otel-lab run -- ${steps[0]?.shown ?? ''}`.trim()
    for (const { shown, exitCode, output: text, timedOut } of steps) {
      const last = text.trimEnd().split('\n').slice(-3).join('\n')
      if (timedOut) return fail('timeout', `${shown} did not end in time\n${last}`.trim(), { query })
      if (!codes.includes(exitCode) && exit !== undefined) {
        const killed = exitCode === 137 ? ' (killed, before it could flush)' : ''
        return fail('exit', `${shown} ended with ${exitCode}${killed}, not ${codes.join(' or ')}\n${last}`.trim(), {
          next: `Run it yourself: ${query}`,
          query,
        })
      }
      if (output !== undefined && !new RegExp(output, 'm').test(text))
        return fail('output', `${shown} did not say /${output}/; its last words:\n${last}`, { query })
      const unwanted = not === undefined ? undefined : new RegExp(not, 'm').exec(text)?.[0]
      if (unwanted !== undefined) return fail('said', `${shown} said ${unwanted}`, { query })
    }
    return pass(`${steps.map(({ shown, exitCode }) => `${shown}: ${exitCode}`).join('; ')}`, { query })
  },
})
