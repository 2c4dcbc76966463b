import { expect, test } from 'vitest'
import { createParser } from '../../../../src/embedded/loki/logql/parse.ts'
import { valuesNeeded } from '../../../../src/embedded/loki/logql/pipeline/compile.ts'

const parse = createParser()

function needed(pipeline: string): string[] {
  const query = parse(`{app="x"} ${pipeline}`)
  if (!('stages' in query)) throw new Error('not a log query')
  return valuesNeeded(query)
}

test('a store may look for what label filters want, until something adds to the labels', () => {
  expect(needed('| trace_id="ab" |= "x" | a="1" and b="2"')).toEqual(['ab', '1', '2'])
  expect(needed('| a="1" | json | b="2"')).toEqual(['1'])
  expect(needed('| label_format a="1" | a="1"')).toEqual([])
  expect(needed('| a="1" or b="2"')).toEqual([])
  expect(needed('| a!="1" | b=~"2" | c="" | d > 3 | __error__="x"')).toEqual([])
})
