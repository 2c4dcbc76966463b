import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { readCourseFile } from '../../../course-file.ts'
import { packageRoot } from '../../../util/package-root.ts'
import { type Pattern, parsePattern } from './pattern.ts'

const closed = { additionalProperties: false }
const Ways = (description: string) => Type.Array(Type.String({ pattern: '^[a-zN0-9*?&| $]+$' }), { description })

/** exercises/vocabulary/NAME.yaml. The published exercises/vocabulary.schema.json is this very object; a test sees to it. */
export const VocabularySchema = Type.Object(
  {
    about: Type.String(),
    words: Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.String({ pattern: '^[a-z0-9*| ]+$' }), {
      description: 'Words that mean the same in many ways of saying: $name stands for them, with | between',
    }),
    vague: Ways('Says that something is wrong, not what'),
    aside: Ways('Speaks of something else: an empty result is no empty file'),
    kinds: Type.Record(
      Type.String({ pattern: '^[a-z0-9-]+$' }),
      Type.Object(
        {
          name: Type.String({ description: 'In one plain sentence, for messages and to choose from' }),
          says: Ways(
            'Any of these says that it is this. Words in their order; a|b either, a* begins so, a? may be left out, N a number, & in any order',
          ),
          also: Type.Optional(
            Type.Array(Type.String({ pattern: '^(@[a-z0-9-]+|[a-zN0-9*?&| $]+)$' }), {
              description: 'Goes with it, and does not say it by itself; @other is all that the other kind says',
            }),
          ),
        },
        closed,
      ),
    ),
  },
  {
    ...closed,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'otel-lab vocabulary',
    description:
      'How people say why something failed, for each kind of failure (the error.type that telemetry gives it).',
  },
)

export type VocabularyFile = Static<typeof VocabularySchema>

export interface Vocabulary {
  vague: Pattern[]
  aside: Pattern[]
  kinds: ReadonlyMap<string, VocabularyKind>
}

export interface VocabularyKind {
  name: string
  says: Pattern[]
  /** Its key and its name: whoever means it may write them, though as a word the key may be vague. */
  own: Pattern[]
  also: Pattern[]
  /** Kinds that may be named beside it. */
  beside: ReadonlySet<string>
}

/** `NAME.yaml` of `folder`, else of ours. Throws LabError `course-broken`. */
export async function loadVocabulary(name: string, folder?: string): Promise<Vocabulary> {
  const exercises = join(packageRoot(), 'exercises')
  const own = folder && join(folder, `${name}.yaml`)
  const path = own && existsSync(own) ? own : join(exercises, 'vocabulary', `${name}.yaml`)
  return compileVocabulary(await readCourseFile<VocabularyFile>(path, join(exercises, 'vocabulary.schema.json')))
}

export function compileVocabulary({ vague, aside, kinds, words }: VocabularyFile): Vocabulary {
  const parse = (text: string) =>
    parsePattern(text.replaceAll(/\$([a-z]+)/g, (whole, name: string) => words[name] ?? whole))
  const compiled = Object.entries(kinds).map(([kind, { name, says, also = [] }]) => {
    const own = [kind.replaceAll('-', ' '), literalOf(name)].map(parsePattern)
    const beside = also.flatMap((one) => (one.startsWith('@') ? [one.slice(1)] : []))
    const more = also.filter((one) => !one.startsWith('@')).map(parse)
    return [kind, { name, says: says.map(parse), own, also: more, beside: new Set(beside) }] as const
  })
  return { vague: vague.map(parse), aside: aside.map(parse), kinds: new Map(compiled) }
}

const literalOf = (name: string) => (name.toLowerCase().match(/[a-z0-9]+/g) ?? []).join(' ')
