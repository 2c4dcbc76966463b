import { HighlightStyle, type Language, LRLanguage } from '@codemirror/language'
import { styleTags, tags } from '@lezer/highlight'
import type { Language as Name } from '../parts/language.ts'

/** Grafana's two grammars come without colours. */
const colours = styleTags({
  String: tags.string,
  'Number Integer Float Duration Bytes': tags.number,
  'LineComment BlockComment': tags.comment,
  'Identifier LabelName Label': tags.labelName,
  'IntrinsicField AttributeField Resource SpanField': tags.labelName,
  'Json Logfmt Unpack Pattern Regexp Unwrap LineFormat LabelFormat Decolorize Keep Drop': tags.keyword,
  'By Without Bool On Ignoring GroupLeft GroupRight Offset And Or Unless': tags.keyword,
  'Rate CountOverTime BytesOverTime BytesRate SumOverTime AvgOverTime QuantileOverTime': tags.function(
    tags.variableName,
  ),
  'Sum Avg Count Max Min Stddev Stdvar Bottomk Topk Aggregate SelectOperation MetricsOverTime': tags.function(
    tags.variableName,
  ),
})

/** Each grammar comes when its language is first written. */
const LOADERS: Record<Name, () => Promise<Language>> = {
  PromQL: async () => LRLanguage.define({ parser: (await import('@prometheus-io/lezer-promql')).parser }),
  LogQL: async () => {
    const { parser } = await import('@grafana/lezer-logql')
    return LRLanguage.define({ parser: parser.configure({ props: [colours] }) })
  },
  TraceQL: async () => {
    const { parser } = await import('@grafana/lezer-traceql')
    return LRLanguage.define({ parser: parser.configure({ props: [colours] }) })
  },
}

export const loadLanguage = (name: Name): Promise<Language> => LOADERS[name]()

export const highlighting = HighlightStyle.define([
  { tag: tags.string, color: 'var(--ok)' },
  { tag: tags.number, color: 'var(--warn)' },
  { tag: tags.comment, color: 'var(--faint)' },
  {
    tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.function(tags.variableName)],
    color: 'var(--accent)',
  },
  { tag: tags.invalid, color: 'var(--error)' },
])
