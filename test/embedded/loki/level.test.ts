import { expect, test } from 'vitest'
import { labelName } from '../../../src/embedded/loki/ingest/label-name.ts'
import { detectLevel, LEVEL_FIELDS } from '../../../src/embedded/loki/ingest/level.ts'
import { parseStreamLabels } from '../../../src/embedded/loki/ingest/parse-labels.ts'

const settings = { fields: LEVEL_FIELDS, jsonDepth: 2 }
const ofLine = (line: string) => detectLevel([], [], line, settings)

test.each([
  ['INFO: started', 'info'],
  ['[WARN] hot', 'warn'],
  ['2026 ERROR root: broke', 'error'],
  ['misc:error is none', 'unknown'],
  ['terror and errors', 'unknown'],
  ['a warning before an error', 'warn'],
  ['{"level":"Critical"}', 'critical'],
  ['{"log":{"severity":"dbg"}}', 'debug'],
  ['{"a":{"b":{"level":"dbg"}}}', 'unknown'],
  ['{"level": broken error }', 'error'],
  ['ts=1 lvl=trc msg="an error"', 'trace'],
  ['msg="all is fine" level=odd', 'unknown'],
  ['', 'unknown'],
])('the level of %j is %s', (line, level) => {
  expect(ofLine(line)).toBe(level)
})

test('labels come before metadata, metadata before the severity number, that before the line', () => {
  const metadata = [['severity_number', '17']] as const
  expect(detectLevel([['level', 'WARNING']], [['severity', 'debug']], 'info', settings)).toBe('warn')
  expect(detectLevel([], [['severity', 'debug'], ...metadata], 'info', settings)).toBe('debug')
  expect(detectLevel([], metadata, 'info', settings)).toBe('error')
  const number = (text: string) => detectLevel([], [['severity_number', text]], '', settings)
  expect(['0', '1', '4', '5', '9', '13', '17', '21', '24', '25', 'x'].map(number)).toEqual([
    'unknown',
    'trace',
    'trace',
    'debug',
    'info',
    'warn',
    'error',
    'fatal',
    'fatal',
    'unknown',
    'info',
  ])
})

test('attribute keys become label names', () => {
  const names = ['service.name', '9lives', 'a..b', '__x__', '_private', 'höhe', 'a-b/c'].map(labelName)
  expect(names).toEqual(['service_name', 'key_9lives', 'a_b', '__x__', '_private', 'h_he', 'a_b_c'])
  expect(() => labelName('...')).toThrow('normalization for label name "..." resulted in invalid name "_"')
})

test('stream labels are read as Prometheus reads them', () => {
  expect(parseStreamLabels(` { b = "x\\"\\n\\u00e9" , a='1', empty="", } `)).toEqual([
    ['a', '1'],
    ['b', 'x"\né'],
  ])
  for (const bad of ['', '{', '{a}', '{a="1"', '{a="1"}x', '{a="\\q"}', '{1="a"}', 'a="b"']) {
    expect(() => parseStreamLabels(bad), bad).toThrow(/^couldn't parse labels: 1:\d+: parse error: /)
  }
})
