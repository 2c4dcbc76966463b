import { readId } from './id.ts'
import { plain, type Read, read, unfit, unreadable } from './read.ts'

/** A span of the attempt's traces, as far as naming it goes. */
export interface NamedSpan {
  spanId: string
  /** Names from the root down to its own. */
  path: readonly string[]
}

/**
 * Which spans are meant: by span id, by name, or by their path, in which steps may be left out (`process_file > skull_strip`). Several
 * may bear one name; none when nothing is called so.
 */
export function readSpan<T extends NamedSpan>(text: string, spans: readonly T[]): Read<T[]> {
  const bad = unfit(text)
  if (bad) return bad
  const byId = readId(
    text,
    'span',
    spans.map(({ spanId }) => spanId),
  )
  if (byId.ok) return read(spans.filter(({ spanId }) => spanId === byId.value.id))
  if (byId.case === 'ambiguous') return byId
  const spoken = plain(text)
  const named = calledSo(spoken, spans)
  if (named.length > 0) return read(named)
  // What people put around a name, where it is no part of it.
  const bare = spoken
    .replace(/^(?:it (?:was|is) )?(?:the )?(?:(?:span|step):? +)?/i, '')
    .replace(/[ ,:]+\(?[\d.,]+ *m?s(?:ec(?:ond)?s?)?\)?$/i, '')
    .replace(/ +(?:span|step)$/i, '')
  const steps = stepsOf(bare)
  if (steps.length === 0)
    return unreadable('not-a-span', 'names no span', 'Write its name, its path such as a > b, or its id')
  return read(calledSo(bare, spans))
}

const calledSo = <T extends NamedSpan>(text: string, spans: readonly T[]) => {
  const steps = stepsOf(text)
  return steps.length === 0 ? [] : spans.filter(({ path }) => leadsTo(path.map(nameOf), steps))
}

const stepsOf = (text: string) =>
  text
    .split(/\s*(?:->|=>|>|\/|\u2192|\u00bb|\u203a|\|)\s*/)
    .map(nameOf)
    .filter((step) => step !== '')

const nameOf = (text: string) =>
  text
    .trim()
    .replaceAll(/^["'`]|["'`.]$/g, '')
    .toLowerCase()

/** The last step is its own name; those before it stand above it in this order, perhaps with others between. */
function leadsTo(path: readonly string[], steps: readonly string[]): boolean {
  const [own, ...above] = [...steps].reverse() as [string, ...string[]]
  const [name, ...parents] = [...path].reverse() as [string, ...string[]]
  if (!isCalled(name, own)) return false
  let at = 0
  return above.every((step) => {
    while (at < parents.length && !isCalled(parents[at]!, step)) at++
    return at++ < parents.length
  })
}

const isCalled = (name: string, step: string) =>
  name === step || name.replaceAll(/[ _-]/g, ' ') === step.replaceAll(/[ _-]/g, ' ')
