import { expect, test } from 'vitest'
import { readDocument } from '../../src/collector-config/document.ts'
import { parseYaml, readConfig } from '../../src/embedded/config.ts'

test('YAML errors and faults carry their line', () => {
  expect(() => parseYaml('a: 1\nb: [1, 2\n', 'x.yaml')).toThrow(/^x\.yaml: yaml: line \d/)
  expect(() => parseYaml('- a\n', 'x.yaml')).toThrow('must be a map')
  expect(parseYaml('', 'x.yaml')).toEqual({})
  const config = readConfig('a: 1\nlist:\n  - name: x\n    wrong: y\n    age: old\n', 'x.yaml')
  const [item] = config.sections('list')
  item!.only(['name', 'age'], 'config.plain')
  expect(item!.number('age', 7)).toBe(7)
  expect(item!.path('age')).toBe('list[0].age')
  expect(() => config.finish()).toThrow(
    'x.yaml: yaml: unmarshal errors:\n  line 4: field wrong not found in type config.plain\n  line 5: cannot unmarshal !!str `old` into int',
  )
})

test('getters give defaults for what is absent and keep numbers as written', () => {
  const config = readConfig('version: 0.10\nempty:\non: true\nnames: [a, 1]\n', 'x.yaml')
  expect(config.string('version', '')).toBe('0.10')
  expect(config.string('empty', 'd')).toBe('d')
  expect(config.boolean('on', false)).toBe(true)
  expect(config.strings('names')).toEqual(['a', '1'])
  expect(config.section('missing').number('x', 3)).toBe(3)
  expect(config.parsed('version', (t) => (t === '0.10' ? 10 : undefined), 'duration', 0)).toBe(10)
  config.finish()
})

const LAUGHS = Array.from({ length: 9 }, (_, i) => {
  const list = Array.from({ length: 9 }, () => `*a${i}`).join(', ')
  return `a${i + 1}: &a${i + 1} [${list}]`
})

test.each([
  ['nested', `a: ${'['.repeat(1000)}`, 'exceeded max depth'],
  ['nested to a megabyte', '['.repeat((1 << 20) - 1), 'exceeded max depth'],
  ['nested in blocks', `${'- '.repeat(500)}x`, 'exceeded max depth'],
  ['keys of keys', `${'? '.repeat(500)}x`, 'exceeded max depth'],
  ['maps', '{a: '.repeat(1000), 'exceeded max depth'],
  ['large', `a: ${'x'.repeat(1 << 20)}`, 'larger than 1024 KiB'],
  ['a stray alias', 'a: 1\nb: *nobody\n', "unknown anchor 'nobody' referenced"],
  ['an alias of itself', 'a: &x\n  b: *x\n', "anchor 'x' value contains itself"],
  ['a billion laughs', `a0: &a0 [lol]\n${LAUGHS.join('\n')}`, 'excessive aliasing'],
])('%s: both readers refuse it in words, at once', (_, text, words) => {
  expect(() => parseYaml(text, 'x.yaml')).toThrow(/^x\.yaml: yaml: line \d+: /)
  expect(() => parseYaml(text, 'x.yaml')).toThrow(words)
  const [diagnostic] = readDocument(text).diagnostics
  expect(diagnostic?.message).toMatch(/^yaml: /)
  expect(diagnostic?.message).toContain(words)
})

test('a few aliases are as good as what they stand for', () => {
  const text = 'base: &b {x: 1}\na: *b\nc:\n  <<: *b\n  y: 2\n'
  expect(parseYaml(text, 'x.yaml')).toEqual({ base: { x: 1 }, a: { x: 1 }, c: { x: 1, y: 2 } })
})
