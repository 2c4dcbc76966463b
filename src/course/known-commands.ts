import { wordsOf } from './hands.ts'

/** A command as oclif.manifest.json has it. */
export interface KnownCommand {
  id: string
  enableJsonFlag?: boolean
  strict?: boolean
  flags: Record<string, { name: string; char?: string; type: string; options?: string[]; allowNo?: boolean }>
  args: Record<string, { name: string; options?: string[]; required?: boolean }>
}

/** What is wrong with an `otel-lab ...` line that somebody is told to type; undefined when it can be typed. */
export function commandFault(line: string, known: Readonly<Record<string, KnownCommand>>): string | undefined {
  const words = wordsOf(line).slice(1)
  if (words.length === 0 || words[0]!.startsWith('-')) return undefined
  const found = [2, 1].flatMap((length) => known[words.slice(0, length).join(':')] ?? [])[0]
  if (found === undefined) return `there is no command ${words.slice(0, 2).join(' ')}`
  const rest = words.slice(found.id.split(':').length)
  const dashes = rest.indexOf('--')
  const own = dashes < 0 ? rest : rest.slice(0, dashes)
  const args: string[] = []
  for (let i = 0; i < own.length; i++) {
    const word = own[i]!
    if (!word.startsWith('-')) {
      args.push(word)
      continue
    }
    const [name, inline] = word.replace(/^--?/, '').split('=', 2)
    if (name === 'help' || (name === 'json' && found.enableJsonFlag)) continue
    const flag = Object.values(found.flags).find(
      (one) => one.name === name || one.char === name || (one.allowNo && `no-${one.name}` === name),
    )
    if (flag === undefined) return `${found.id.replace(':', ' ')} has no ${word.split('=')[0]}`
    if (flag.type !== 'option') continue
    const value = inline ?? own[++i]
    if (value === undefined) return `${word} wants a value`
    if (flag.options && !flag.options.includes(value) && !isPlaceholder(value))
      return `${word} may be ${flag.options.join(', ')}`
  }
  const wanted = Object.values(found.args)
  if (found.strict !== false && args.length > wanted.length) return `${args.at(-1)} is one word too many`
  for (const [i, { options }] of wanted.entries()) {
    const value = args[i]
    if (value !== undefined && options && !options.includes(value) && !isPlaceholder(value))
      return `${value} may be ${options.join(', ')}`
  }
  return undefined
}

const isPlaceholder = (word: string) => /^[A-Z]+$|\.\.\.|[<$]/.test(word)
