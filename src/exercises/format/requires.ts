import { type Static, Type } from '@sinclair/typebox'
import { closed, oneOrMore, pathInLab, word } from './words.ts'

const engine = word(['embedded', 'docker', 'external'])

/** Each is asked before anything runs; what is missing is told, and is no failure of the goal. */
export const Requirement = Type.Union([
  Type.Object({ engine: oneOrMore(engine, 'The lab runs on one of these') }, closed),
  Type.Object(
    { can: word(['logs', 'configure', 'stop']) },
    { ...closed, description: 'What the engine must let us do' },
  ),
  Type.Object({ program: Type.String({ description: 'It is on PATH, such as python3' }) }, closed),
  Type.Object({ file: pathInLab('It is there, in the lab folder') }, closed),
  Type.Object(
    {
      given: pathInLab(
        'A program of `start` that is run as it came: what is to be changed or found out is elsewhere, so an edited one proves nothing',
      ),
    },
    closed,
  ),
  Type.Object(
    { config: Type.Literal('valid') },
    { ...closed, description: 'The collector would take the config file' },
  ),
  Type.Object({ passed: Type.String({ description: 'An exercise that comes first, by a part of its name' }) }, closed),
])

export type RequirementSpec = Static<typeof Requirement>
