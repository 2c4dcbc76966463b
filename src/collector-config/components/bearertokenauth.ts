import { component } from '../component.ts'
import { string, strings, struct } from '../schema.ts'

/** Sends a token along with what is exported, or asks for one of those who send. */
export const bearerTokenAuthExtension = component({
  kind: 'extension',
  type: 'bearertokenauth',
  signals: [],
  schema: struct(
    'bearertokenauthextension.Config',
    {
      header: string('Authorization'),
      scheme: string('Bearer'),
      token: string(),
      tokens: strings(),
      filename: string(),
    },
    function* (b) {
      if (b.token === '' && b.tokens.length === 0 && b.filename === '') yield { message: 'no bearer token provided' }
      else if (b.token !== '' && b.tokens.length > 0) {
        yield { message: 'either tokens or token should be provided, not both', key: ['tokens'] }
      }
    },
  ),
})
