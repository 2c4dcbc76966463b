import { trace } from './otlp.mjs'

await trace('greet', '${city}', 'lookup')
