import { expect, test } from 'vitest'
import { joinParagraphs } from '../../src/ui/paragraphs.ts'

test('paragraphs and list items become one line each; code, tables and fences stay', () => {
  const text = [
    'A paragraph that its author',
    'broke.',
    '',
    '1. An item',
    '   that goes on:',
    '',
    '       otel-lab run',
    '       otel-lab logs',
    '',
    '2. Another',
    '- and one',
    '',
    '```',
    'a',
    'b',
    '```',
    '| a | b |',
    '| 1 | 2 |',
  ]
  expect(joinParagraphs(text.join('\n')).split('\n')).toEqual([
    'A paragraph that its author broke.',
    '',
    '1. An item that goes on:',
    '',
    '       otel-lab run',
    '       otel-lab logs',
    ...text.slice(8),
  ])
})
