import { expect, test } from 'vitest'
import { joinParagraphs } from '../../src/ui/paragraphs.ts'

test('YAML in a block of code keeps its lines, lists among them', () => {
  const text = [
    '1. An item,',
    '   which goes on:',
    '',
    '       policies:',
    '         - name: errors',
    '           type: status_code',
    '',
    '         - name: slow',
    '',
    '    - a list at the left edge of the code',
    '      is code as well',
    '',
    'Prose',
    '- a list behind prose',
    '    that goes on',
  ]
  expect(joinParagraphs(text.join('\n')).split('\n')).toEqual([
    '1. An item, which goes on:',
    ...text.slice(2, 13),
    '- a list behind prose that goes on',
  ])
})

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
