import { describe, expect, it } from 'vitest'
import { readDocument } from '../../src/collector-config/document.ts'
import { envProvider, expandTree, yamlProvider } from '../../src/collector-config/expand.ts'
import { plainOf } from '../../src/collector-config/node.ts'

const env: Record<string, string> = {
  HOST: 'tempo',
  PORT: '4317',
  LIST: '[a, b]',
  QUOTED: '"07"',
  NESTED: 'x-$' + '{env:HOST}',
  SELF: '$' + '{env:SELF}',
  MONEY: 'a$$b',
}

function expand(text: string) {
  const errors: string[] = []
  const unset: string[] = []
  const node = expandTree(readDocument(text).root!, {
    providers: { env: envProvider(env, (name) => unset.push(name)), yaml: yamlProvider },
    defaultScheme: 'env',
    report: (message) => errors.push(message),
  })
  return { value: plainOf(node), errors, unset }
}

/** `<HOST>` stands for the notation of an environment variable. */
const of = (text: string) => expand(text.replace(/<([^>]+)>/g, `\${env:$1}`))

describe('expandTree', () => {
  it.each([
    ['<HOST>:<PORT>', 'tempo:4317'],
    ['<PORT>', 4317],
    ['"<PORT>"', 4317],
    ['["<LIST>", 1]', [['a', 'b'], 1]],
    ['<QUOTED>', '"07"'],
    ['<NESTED>!', 'x-tempo!'],
    ['<NONE:-fallback>', 'fallback'],
    ['<NONE:->', ''],
    ['<NONE>', null],
    ['<NONE:-$' + '{env:PORT}>', 4317],
    ['a$$b', 'a$b'],
    ['$$HOST', '$HOST'],
    ['$HOST', '$HOST'],
    ['<MONEY>', 'a$b'],
    ['price: $5', { price: '$5' }],
  ])('%s -> %j', (text, value) => {
    expect(of(text)).toMatchObject({ value, errors: [] })
  })

  it('takes a name without a scheme for a variable, as the distributions do', () => {
    expect(expand('$' + '{HOST}').value).toBe('tempo')
  })

  it('escapes the notation by a second dollar', () => {
    expect(expand('$$' + '{env:HOST}').value).toBe('$' + '{env:HOST}')
  })

  it('says what it cannot expand', () => {
    expect(of('<a-b>').errors[0]).toContain('environment variable "a-b" has invalid name')
    expect(expand('$' + '{file:/etc/passwd}').errors).toEqual([
      'scheme "file" is not supported for uri "file:/etc/passwd"',
    ])
    expect(of('<SELF>').errors).toEqual(['too many recursive expansions'])
    expect(of('["<NONE>", "<NONE:-1>"]').unset).toEqual(['NONE'])
  })
})
