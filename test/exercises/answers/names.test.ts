import { expect, test } from 'vitest'
import { readChoice } from '../../../src/exercises/answers/read/choice.ts'
import { readId } from '../../../src/exercises/answers/read/id.ts'
import { readName } from '../../../src/exercises/answers/read/name.ts'
import { readSpan } from '../../../src/exercises/answers/read/span.ts'

const ONE = '5b8aa5a2d2c872e8321cf37308d69df2'
const TWIN = '5b8aa5a2d2c872e8321cf37308d69df3'
const OTHER = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
const SPAN = '051581bf3cb55c13'

const id = (text: string, known = [ONE, TWIN, OTHER]) => {
  const given = readId(text, 'trace', known)
  return given.ok ? (given.value.id ?? 'unknown') : given.case
}

test.each([
  OTHER,
  OTHER.toUpperCase(),
  `  ${OTHER}  `,
  `"${OTHER}"`,
  `'${OTHER}'`,
  `0x${OTHER}`,
  `0X${OTHER.toUpperCase()}`,
  'a1b2c3d4',
  'a1b2c3d4e5f6...',
  'A1B2C3D4E5F6…',
  'a1b2 c3d4 e5f6 0718 293a 4b5c 6d7e 8f90',
  'a1b2c3d4-e5f6-0718-293a-4b5c6d7e8f90',
  `trace_id=${OTHER}`,
  `traceID: "${OTHER}"`,
  `trace ${OTHER}`,
  `The trace id is ${OTHER}.`,
  `00-${OTHER}-${SPAN}-01`,
  `traceparent: 00-${OTHER}-${SPAN}-01`,
])('the trace id %j is read', (text) => {
  expect(id(text)).toBe(OTHER)
})

test.each([
  ['', 'empty'],
  ['a1b2c3d', 'too-short'],
  ['a', 'too-short'],
  ['5b8aa5a2', 'ambiguous'],
  ['5b8aa5a2d2c872e8321cf37308d69df', 'ambiguous'],
  ['0'.repeat(32), 'not-an-id'],
  ['hello world', 'not-an-id'],
  ['a1b2c3d4g', 'not-an-id'],
  [`${OTHER}, ${ONE}`, 'several'],
  [`${OTHER} or ${ONE}`, 'several'],
  [`${OTHER}0`, 'several'],
  ['*', 'not-an-id'],
  ['ffffffffffff', 'unknown'],
  ['f'.repeat(32), 'unknown'],
  ['sub-003', 'not-an-id'],
])('the trace id %j is %s', (text, wanted) => {
  expect(id(text)).toBe(wanted)
})

test('one id that begins as another goes on is still its own when it is whole', () => {
  expect(id(ONE)).toBe(ONE)
  expect(id(TWIN)).toBe(TWIN)
  expect(readId(`00-${ONE}-${SPAN}-01`, 'span', [SPAN])).toMatchObject({ ok: true, value: { id: SPAN } })
  expect(readId('051581bf', 'span', [SPAN])).toMatchObject({ ok: true, value: { id: SPAN } })
})

const CHOICES = [
  { key: 'scrape', text: 'Prometheus fetches a page from port 8889 on a clock' },
  { key: 'push', text: 'The collector pushes them over OTLP' },
  { key: 'none', text: 'Nothing; they are not connected' },
]
const choice = (text: string) => {
  const given = readChoice(text, CHOICES)
  return given.ok ? given.value.key : given.case
}

test.each([
  ['push', 'push'],
  ['PUSH', 'push'],
  ['b', 'push'],
  ['B', 'push'],
  ['b)', 'push'],
  ['(b)', 'push'],
  ['b.', 'push'],
  ['2', 'push'],
  ['answer b', 'push'],
  ['b) The collector pushes them over OTLP', 'push'],
  ['the collector pushes them over otlp.', 'push'],
  ['"push"', 'push'],
  ['', 'empty'],
  ['a, b', 'several'],
  ['a b', 'several'],
  ['a or b', 'several'],
  ['scrape,push', 'several'],
  ['d', 'no-such-choice'],
  ['0', 'no-such-choice'],
  ['4', 'no-such-choice'],
  ['pus', 'no-such-choice'],
  ['b) Prometheus fetches a page from port 8889 on a clock', 'no-such-choice'],
  ['not b', 'no-such-choice'],
  ['-', 'no-such-choice'],
])('the choice %j is %s', (text, wanted) => {
  expect(choice(text)).toBe(wanted)
})

const SPANS = [
  { spanId: '1111111111111111', path: ['process_file'] },
  { spanId: '2222222211111111', path: ['process_file', 'load_file'] },
  { spanId: '2222222222222222', path: ['process_file', 'process_image', 'skull_strip'] },
  { spanId: '3333333333333333', path: ['upload', 'load_file'] },
]
const span = (text: string) => {
  const given = readSpan(text, SPANS)
  return given.ok ? given.value.map(({ spanId }) => spanId[15]).join('') : given.case
}

test.each([
  ['skull_strip', '2'],
  ['Skull_Strip', '2'],
  ['skull strip', '2'],
  ['"skull_strip"', '2'],
  ['the span skull_strip', '2'],
  ['process_image > skull_strip', '2'],
  ['process_file > process_image > skull_strip', '2'],
  ['process_file/process_image/skull_strip', '2'],
  ['process_image -> skull_strip', '2'],
  ['process_image → skull_strip', '2'],
  ['process_file > skull_strip', '2'],
  ['process_file > load_file', '1'],
  ['skull_strip > process_file', ''],
  ['upload > skull_strip', ''],
  ['load_file', '13'],
  ['upload > load_file', '3'],
  ['2222222222222222', '2'],
  ['222222222', '2'],
  ['0x3333333333333333', '3'],
  ['22222222', 'ambiguous'],
  ['ffffffffffffffff', ''],
  ['strip', ''],
  ['skull', ''],
  ['', 'empty'],
  ['>', 'not-a-span'],
])('the span %j is %s', (text, wanted) => {
  expect(span(text)).toBe(wanted)
})

const FILES = ['/lab/input/sub-001_T1w.nii.gz', '/lab/input/sub-003_T1w.nii.gz', '/lab/input/sub-010_T1w.nii.gz']
const file = (text: string) => {
  const given = readName(text, FILES)
  return given.ok ? (given.value?.slice(11) ?? 'none') : given.case
}

test.each([
  ['sub-003', 'sub-003_T1w.nii.gz'],
  ['SUB-003', 'sub-003_T1w.nii.gz'],
  ['sub-003_T1w', 'sub-003_T1w.nii.gz'],
  ['sub-003_T1w.nii.gz', 'sub-003_T1w.nii.gz'],
  ['/somewhere/sub-003_T1w.nii.gz', 'sub-003_T1w.nii.gz'],
  ['sub-3', 'sub-003_T1w.nii.gz'],
  ['3', 'sub-003_T1w.nii.gz'],
  ['003', 'sub-003_T1w.nii.gz'],
  ['sub003', 'sub-003_T1w.nii.gz'],
  ['the file sub-003.', 'sub-003_T1w.nii.gz'],
  ['1', 'sub-001_T1w.nii.gz'],
  ['10', 'sub-010_T1w.nii.gz'],
  ['sub-', 'ambiguous'],
  ['sub', 'ambiguous'],
  ['s', 'ambiguous'],
  ['sub-0', 'ambiguous'],
  ['sub-00', 'ambiguous'],
  ['sub-*', 'pattern'],
  ['*', 'pattern'],
  ['sub-001 sub-003', 'several'],
  ['sub-001,sub-003', 'several'],
  ['sub-001 and sub-003', 'several'],
  ['T1w', 'none'],
  ['.nii.gz', 'none'],
  ['nii', 'none'],
  ['sub-999', 'none'],
  ['', 'empty'],
  ['/', 'none'],
])('the file %j is %s', (text, wanted) => {
  expect(file(text)).toBe(wanted)
})
