import { component } from '../component.ts'
import { list, string, struct, text } from '../schema.ts'

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
      // Not split at commas.
      tokens: list(text((token) => ({ value: token }), '', 'configopaque.String')),
      filename: string(),
    },
    function* (b) {
      if (b.token === '' && b.tokens.length === 0 && b.filename === '') yield { message: 'no bearer token provided' }
      else if (b.token !== '' && b.tokens.length > 0) {
        yield { message: 'either tokens or token should be provided, not both', key: ['tokens'] }
      }
    },
  ),
  start: function* ({ filename }, files) {
    if (filename === '') return
    try {
      files.read(filename)
    } catch (error) {
      const message = `failed to read credentials file ${JSON.stringify(filename)}: ${(error as Error).message}`
      yield { message, key: ['filename'] }
    }
  },
})
