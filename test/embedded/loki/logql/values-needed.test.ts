import { expect, test } from 'vitest'
import { createParser } from '../../../../src/embedded/loki/logql/parse.ts'
import { valuesNeeded } from '../../../../src/embedded/loki/logql/pipeline/needed.ts'

const parse = createParser()

function needed(pipeline: string) {
  const query = parse(`{app="x"} ${pipeline}`)
  if (!('stages' in query)) throw new Error('not a log query')
  return valuesNeeded(query)
}

test('a store may look for what label filters want, until something adds to the labels', () => {
  expect(needed('| trace_id="ab" |= "x" | a="1" and b="2"').labelValues).toEqual(['ab', '1', '2'])
  expect(needed('| a="1" | json | b="2"').labelValues).toEqual(['1'])
  expect(needed('| label_format a="1" | a="1"').labelValues).toEqual([])
  expect(needed('| a="1" or b="2"').labelValues).toEqual([])
  expect(needed('| a!="1" | b=~"2" | c="" | d > 3 | __error__="x"').labelValues).toEqual([])
})

test('behind a parser the value is in the line or in the labels, until something changes either', () => {
  expect(needed('| json | trace_id="ab-1" | b="2"').needles).toEqual([
    { value: 'ab-1', whole: true },
    { value: '2', whole: true },
  ])
  expect(needed('| logfmt | regexp "(?P<x>.)" | x="a"').needles).toEqual([{ value: 'a', whole: false }])
  expect(needed('| json | a="b c" | b="ü" | c=""').needles).toEqual([])
  for (const stage of ['line_format "x"', 'label_format a="1"', 'decolorize', 'unpack', 'drop b']) {
    expect(needed(`| json | ${stage} | a="1"`).needles).toEqual([])
  }
})
