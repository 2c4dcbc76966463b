import { Errors, type Hook } from '@oclif/core'
import { EXIT, LabError } from '../../errors.ts'
import { editDistance } from '../../util/edit-distance.ts'

/** An unknown command is met with the nearest known one. */
export const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  // With a space as separator oclif takes every word for a part of the name.
  const words = id.split(':')
  const topics = new Set(config.topics.map(({ name }) => name))
  const typed = words.slice(0, topics.has(words[0]!) ? 2 : 1).join(' ')
  const known = config.commandIDs.map((one) => one.replaceAll(':', ' '))
  const near = known
    .map((name) => ({ name, distance: name.startsWith(typed) ? 0 : editDistance(typed, name) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance)
  const next = near.length > 0 ? near.slice(0, 3).map(({ name }) => name) : ['--help']
  const { renderError } = await import('./report.ts')
  const error = new LabError('usage', `${config.bin} has no command ${typed}`, {
    hint: next.map((name) => `${config.bin} ${name}`).join('\n'),
    exit: EXIT.usage,
  })
  process.stderr.write(`${renderError(error, { command: config.bin })}\n`)
  throw new Errors.ExitError(EXIT.usage)
}
