import { expect, test } from 'vitest'
import { emphasised } from '../../src/ui/emphasis.ts'
import { renderFrame } from '../../src/ui/frame.ts'
import { paint } from '../../src/ui/paint.ts'

const plain = paint({ colour: false })
const coloured = paint({ colour: true })

test.each([
  ['A **connector** ends one.', 'A connector ends one.'],
  ['**Zero-code.** Then *seconds*, each.', 'Zero-code. Then seconds, each.'],
  ['no other `OTEL_*` variable.** The lab', 'no other `OTEL_*` variable.** The lab'],
  ['**looks at no other `OTEL_*` variable.** The lab', 'looks at no other `OTEL_*` variable. The lab'],
  ['otelcol_* and OTEL_*, 2 * 3 * 4', 'otelcol_* and OTEL_*, 2 * 3 * 4'],
  ['`**/*.log` and *.log or *.txt', '`**/*.log` and *.log or *.txt'],
])('emphasis without colours is the words alone: %s', (text, shown) => {
  expect(emphasised(text, plain)).toBe(shown)
})

test('with colours it is bold, and stays so over the end of a line of the loop', () => {
  expect(emphasised('A **connector** ends', coloured)).toBe('A \u001b[1mconnector\u001b[22m ends')
  const { lines } = renderFrame(
    {
      title: 't',
      place: '',
      body: [{ text: '**one two three four five six**', prose: true }],
      scroll: 0,
      checks: [],
      notes: [],
      keys: [],
    },
    { columns: 20, rows: 12, paint: coloured },
  )
  const shown = lines.filter((line) => /one|six/.test(line))
  expect(shown.length).toBe(2)
  for (const line of shown) expect(line).toMatch(/\u001b\[1m.*\u001b\[22m/)
})
