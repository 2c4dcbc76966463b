import { expect, test } from 'vitest'
import { saidByValidate } from '../../../src/engine/docker/validate-output.ts'
import type { ConfigProblem } from '../../../src/engine.ts'

// The outputs are those of otelcol-contrib 0.155.
const UNKNOWN = `Error: failed to get config: cannot unmarshal the configuration: decoding failed due to the following error(s):

'processors' unknown type: "batch2" for id: "batch2" (valid values: [batch memory_limiter])
`
const DANGLING = 'Error: service::pipelines::metrics: references exporter "nowhere" which is not configured\n'
const AT_START = `Error: invalid configuration: service::pipelines::metrics: references exporter "nowhere" which is not configured
2026-11-25T04:00:00.000Z collector server run finished with error: invalid configuration: service::pipelines::metrics: references exporter "nowhere" which is not configured
`
const own: ConfigProblem[] = [
  { severity: 'warning', message: 'old name' },
  { severity: 'error', message: 'something else', line: 3 },
  {
    severity: 'error',
    message: 'service::pipelines::metrics: references exporter "nowhere" which is not configured',
    line: 60,
    column: 19,
    hint: 'name it',
  },
]

test('a yes is a yes, whatever our own reader thinks; its warnings stay', () => {
  expect(saidByValidate(0, '', own)).toEqual([{ severity: 'warning', message: 'old name' }])
})

test('the reasons once, whatever the log says before and behind them', () => {
  const said = `2026/11/28 09:00:00 deprecated\n${DANGLING}2026/11/28 09:00:01 ${DANGLING.slice('Error: '.length)}`
  const [problem] = saidByValidate(1, said, [])
  expect(problem?.message).toBe('service::pipelines::metrics: references exporter "nowhere" which is not configured')
  expect(saidByValidate(1, '2026/11/28 09:00:01 no space left', [])[0]?.message).toContain('no space left')
})

test('the reasons without what they all begin with', () => {
  expect(saidByValidate(1, UNKNOWN, [])).toEqual([
    {
      severity: 'error',
      message: `'processors' unknown type: "batch2" for id: "batch2" (valid values: [batch memory_limiter])`,
    },
  ])
})

test.each([DANGLING, AT_START])('the line of the fault that says the same goes along', (output) => {
  expect(saidByValidate(1, output, own)[0]).toEqual({
    severity: 'error',
    message: 'service::pipelines::metrics: references exporter "nowhere" which is not configured',
    line: 60,
    column: 19,
    hint: 'name it',
  })
})

test('one that says nothing is still a no', () => {
  expect(saidByValidate(2, '', [])).toMatchObject([{ severity: 'error', message: expect.stringContaining('code 2') }])
})
