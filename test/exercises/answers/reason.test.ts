import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { says } from '../../../src/exercises/answers/reason/judge.ts'
import { loadVocabulary, VocabularySchema } from '../../../src/exercises/answers/reason/vocabulary.ts'
import { allNan } from './wordings/all-nan.ts'
import { empty } from './wordings/empty.ts'
import { FOURTH_ROUND } from './wordings/fourth-round.ts'
import { notNifti } from './wordings/not-nifti.ts'
import { SECOND_ROUND } from './wordings/second-round.ts'
import { THIRD_ROUND } from './wordings/third-round.ts'
import { tooLarge } from './wordings/too-large.ts'
import { truncated } from './wordings/truncated.ts'
import { wrongDimensions } from './wordings/wrong-dimensions.ts'

const vocabulary = await loadVocabulary('failures')
const WORDINGS = {
  truncated,
  'wrong-dimensions': wrongDimensions,
  'all-nan': allNan,
  empty,
  'not-nifti': notNifti,
  'too-large': tooLarge,
}

test('the published schema is the one that is read by', () => {
  const path = new URL('../../../exercises/vocabulary.schema.json', import.meta.url)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(VocabularySchema)))
})

describe.each(Object.entries(WORDINGS))('why a scan is %s', (kind, { RIGHT, WRONG }) => {
  test('there are enough wordings to say something', () => {
    expect(new Set(RIGHT).size).toBeGreaterThanOrEqual(40)
    expect(new Set(WRONG).size).toBeGreaterThanOrEqual(25)
  })
  test.each(RIGHT)('is said by: %s', (text) => {
    expect(says(text, vocabulary, kind)).toBe(true)
  })
  test.each(WRONG)('is not said by: %s', (text) => {
    expect(says(text, vocabulary, kind)).toBe(false)
  })
})

test('as many again, of another day', () => {
  const wrong = [
    ...Object.entries(SECOND_ROUND),
    ...Object.entries(THIRD_ROUND),
    ...Object.entries(FOURTH_ROUND),
  ].flatMap(([kind, { RIGHT, WRONG }]) => [
    ...RIGHT.filter((text) => !says(text, vocabulary, kind)).map((text) => `${kind} refused: ${text}`),
    ...WRONG.filter((text) => says(text, vocabulary, kind)).map((text) => `${kind} passed: ${text}`),
  ])
  expect(wrong).toEqual([])
}, 120_000)

test('no right wording of one kind is right for another', () => {
  const crossed = Object.entries(WORDINGS).flatMap(([kind, { RIGHT }]) =>
    RIGHT.flatMap((text) =>
      Object.keys(WORDINGS)
        .filter((other) => other !== kind && says(text, vocabulary, other))
        .map((other) => `${other} <- ${kind}: ${text}`),
    ),
  )
  expect(crossed).toEqual([])
}, 120_000)
