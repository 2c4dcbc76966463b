import type { LineFilter, LineOperator } from '../ast.ts'
import { compileLinePattern } from '../pattern.ts'
import { compileRegexp } from '../regexp.ts'
import { compileIp } from './ip.ts'
import { type Stage, stage } from './stage.ts'

type Test = (line: string) => boolean

/** `|= "a" or "b" != "c" |~ "d.*" |> "<_> e <_>" |= ip("10.0.0.0/8")`: all of them must hold. Throws Error. */
export function lineFilterStage(filters: readonly LineFilter[]): Stage {
  const tests = filters.map(compileFilter)
  if (tests.length === 1) {
    const [only] = tests as [Test]
    return stage((line) => (only(line) ? line : undefined))
  }
  return stage((line) => {
    for (const test of tests) if (!test(line)) return undefined
    return line
  })
}

function compileFilter({ operator, alternatives }: LineFilter): Test {
  const tests = alternatives.map(({ text, ip }) => (ip ? ipTest(operator, text) : plainTest(operator, text)))
  const [only] = tests as [Test]
  const any = tests.length === 1 ? only : (line: string) => tests.some((test) => test(line))
  return operator.startsWith('!') ? (line) => !any(line) : any
}

function ipTest(operator: LineOperator, text: string): Test {
  if (operator !== '|=' && operator !== '!=') throw new Error('ip: invalid operation')
  return compileIp(text)
}

function plainTest(operator: LineOperator, text: string): Test {
  if (operator === '|=' || operator === '!=') return (line) => line.includes(text)
  if (operator === '|~' || operator === '!~') return compileRegexp(text).test
  const test = compileLinePattern(text)
  if (typeof test === 'object') throw new Error(test.error)
  return test
}

/** Texts that every line contains that passes: what a store may use to leave blocks out. */
export function neededTexts(filters: readonly LineFilter[]): string[] {
  return filters
    .filter((f) => f.operator === '|=' && f.alternatives.length === 1 && !f.alternatives[0]!.ip)
    .map((f) => f.alternatives[0]!.text)
    .filter((text) => text !== '')
}
