import { expect, test } from 'vitest'
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
