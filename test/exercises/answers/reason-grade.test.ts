import { expect, test } from 'vitest'
import { type Cause, causesToChoose, gradeReason } from '../../../src/exercises/answers/reason/grade.ts'
import { loadVocabulary } from '../../../src/exercises/answers/reason/vocabulary.ts'

const vocabulary = await loadVocabulary('failures')
const CUT: Cause = {
  name: 'sub-003_T1w.nii.gz',
  type: 'truncated',
  message: 'the gzip stream ends in the middle: the file was cut off',
}
const NAN: Cause = {
  name: 'sub-005_T1w.nii.gz',
  type: 'all-nan',
  message: 'every one of its 13824 voxels is NaN or infinite: there is no image in it',
}
const grade = (text: string, cause = CUT) =>
  gradeReason(
    text,
    cause,
    [CUT, NAN].filter((one) => one !== cause),
    vocabulary,
  )

test("what telemetry says itself is right, whole or in part, with the learner's words around it", () => {
  for (const text of [
    CUT.message,
    'the file was cut off',
    `It said "${CUT.message}".`,
    'I think: the file was cut off',
  ]) {
    expect(grade(text), text).toMatchObject({ grade: 'right' })
  }
  expect(grade(NAN.message, NAN)).toMatchObject({ grade: 'right' })
  expect(grade('there is no image in it', NAN)).toMatchObject({ grade: 'right' })
  expect(grade(`not because ${CUT.message}`)).not.toMatchObject({ grade: 'right' })
})

test.each<[string, string, string]>([
  ['', 'unreadable', 'unreadable'],
  ['x'.repeat(700), 'unreadable', 'unreadable'],
  ['truncated or empty', 'unreadable', 'several'],
  ['either truncated or all NaN', 'unreadable', 'several'],
  ['truncated empty nan dimensions', 'unreadable', 'several'],
  ['not truncated', 'unreadable', 'denies'],
  ['it is truncated, but it is not truncated', 'unreadable', 'contradiction'],
  ['is it truncated?', 'unreadable', 'asks'],
  ['it failed', 'unreadable', 'only-that'],
  ['corrupt', 'unreadable', 'only-that'],
  ['the moon was full', 'unreadable', 'not-understood'],
  ['sub-', 'unreadable', 'not-understood'],
  ['all NaN', 'wrong', 'other-file'],
  ['empty', 'wrong', 'wrong'],
  ['no such file', 'wrong', 'wrong'],
  ['permission denied', 'wrong', 'wrong'],
])('%j is %s: %s', (text, outcome, name) => {
  expect(grade(text)).toMatchObject({ grade: outcome, case: name, seen: expect.any(String) })
})

test('what is wrong is told without telling what is right', () => {
  for (const text of ['empty', 'all NaN', 'empty or all NaN', 'it failed', 'the moon was full']) {
    expect(JSON.stringify(grade(text)).replace(text, ''), text).not.toContain(CUT.message)
    expect(grade(text)).not.toMatchObject({ seen: expect.stringMatching(/before all of its data/) })
  }
})

test('a kind that no vocabulary has is judged by its own words', () => {
  const own: Cause = {
    name: 'order 7',
    type: 'card-declined',
    message: 'the payment provider declined the card: expired',
  }
  expect(grade('the provider declined the card', own)).toMatchObject({ grade: 'right' })
  expect(grade('card declined', own)).toMatchObject({ grade: 'right' })
  expect(grade('the card was not declined', own)).not.toMatchObject({ grade: 'right' })
  expect(grade('truncated', own)).toMatchObject({ grade: 'wrong' })
  expect(grade('the card was declined because the file was empty', own)).not.toMatchObject({ grade: 'right' })
})

test('a text that is made to be slow is judged at once', () => {
  const began = performance.now()
  for (const word of ['wrong dimensions size ', 'data missing end ', 'not ', 'nan ', 'voxels ']) {
    grade(word.repeat(40).slice(0, 599))
  }
  expect(performance.now() - began).toBeLessThan(20_000)
})

test('who cannot say it can choose: from what failed in this attempt, and others', () => {
  const choices = causesToChoose([CUT, NAN], vocabulary)
  expect(choices).toHaveLength(6)
  expect(choices.map(({ key }) => key)).toEqual(expect.arrayContaining(['truncated', 'all-nan']))
  // Its place does not give it away.
  expect(causesToChoose([NAN], vocabulary)[0]!.key).toBe('truncated')
  for (const { key, text } of choices) {
    const cause = { ...CUT, type: key, message: '' }
    expect(grade(key, cause), key).toMatchObject({ grade: 'right' })
    expect(grade(text, cause), text).toMatchObject({ grade: 'right' })
  }
})
