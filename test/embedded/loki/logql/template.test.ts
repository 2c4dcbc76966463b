import { expect, test } from 'vitest'
import { through } from './support.ts'

const format = (template: string, labels: Record<string, string> = {}) =>
  through(`{x="y"} | line_format \`${template}\``, 'the line', labels)

test.each([
  ['{{.a}}-{{.none}}-{{ .b | upper }}', 'x--Y'],
  ['{{ if eq .a "x" }}yes{{ else if .b }}no{{ end }}', 'yes'],
  ['{{ with .none }}never{{ else }}{{ .a }}{{ end }}', 'x'],
  ['{{ $v := add .n 2 }}{{ $v }}/{{ mul $v 2 }}/{{ div 7 2 }}/{{ mod 7 4 }}', '5/10/3/3'],
  ['{{ addf 0.1 0.2 }} {{ divf 1 3 }} {{ round 2.345 2 }} {{ maxf 1.5 .n }}', '0.3 0.3333333333333333 2.35 3'],
  ['{{ range $i, $e := fromJson .j }}{{ $i }}={{ $e }};{{ end }}', '0=1;1=b;'],
  ['{{ (fromJson .o).k.l }}', 'm'],
  ['{{- " trimmed " -}} {{ __line__ }} ', ' trimmed the line '],
  ['{{ __timestamp__ | date "2006-01-02 15:04:05" }}', '2026-01-01 00:00:00'],
  ['{{ "2024-03-10T01:02:03Z" | toDate "2006-01-02T15:04:05Z07:00" | unixEpoch }}', '1710032523'],
  ['{{ (unixToTime "1710032523").Format "Jan _2 Mon" }}', 'Mar 10 Sun'],
  ['{{ printf "%05.1f|%-4s|%q|%x" 3.14159 .a .b 255 }}', '003.1|x   |"y"|ff'],
  ['{{ trunc 2 "héllo" }} {{ substr 1 3 "abcd" }} {{ alignRight 4 "ab" }}|', 'hé bc   ab|'],
  ['{{ replace "l" "L" "hello" }} {{ trimAll "-" "--a--" }} {{ repeat 3 "ab" }}', 'heLLo a ababab'],
  ['{{ regexReplaceAll "(h)(e)" "hello" "${2}$1" }} {{ count "l+" "hello all" }}', 'ehllo 2'],
  ['{{ urlencode "a b&c" }} {{ urldecode "a+b%26" }} {{ b64enc "hi" }} {{ b64dec "aGk" }}', 'a+b%26c a b& aGk= hi'],
  ['{{ default "-" .none }} {{ len .a }} {{ bytes "2KB" }} {{ duration "1m30s" }}', '- 1 2000 90'],
  ['{{ and .a .none }}{{ or .none .b }}{{ not .none }}', 'ytrue'],
  ['{{ index (fromJson .j) 1 }}{{/* a comment */}}', 'b'],
])('%s', (template, expected) => {
  const labels = { a: 'x', b: 'y', n: '3', j: '[1,"b"]', o: '{"k":{"l":"m"}}' }
  expect(format(template, labels)?.line).toBe(expected)
})

test('a template that fails leaves the line, and says why', () => {
  expect(format('{{ replace "a" .b }}', { b: 'c' })).toEqual({
    line: 'the line',
    labels: {
      b: 'c',
      __error__: 'TemplateFormatErr',
      __error_details__:
        'template: line:1:3: executing "line" at <replace>: wrong number of args for replace: want 3 got 2',
    },
  })
  expect(format('{{ div 1 0 }}')?.labels.__error_details__).toContain('integer divide by zero')
})

test.each([
  ['{{ nope .a }}', 'function "nope" not defined'],
  ['{{ if .a }}', 'unexpected EOF'],
  ['{{ .a', 'unclosed action'],
  ['{{ $x }}', 'undefined variable "$x"'],
  ['{{ end }}', 'unexpected {{end}}'],
  ['{{ | upper }}', 'missing value for command'],
  ['{{ "open }}', 'unterminated quoted string'],
])('%s is refused', (template, why) => {
  expect(() => format(template)).toThrow(why)
})

test('templates are bounded', () => {
  expect(format('{{ repeat 1000000000 "x" }}')?.labels.__error__).toBe('TemplateFormatErr')
  const loops = '{{ range fromJson .j }}'.repeat(8)
  const started = performance.now()
  const labels = { j: `[${Array.from({ length: 50 }, (_, i) => i).join()}]` }
  const line = `${loops.replaceAll('fromJson .j', 'fromJson $.j')}x${'{{ end }}'.repeat(8)}`
  expect(format(line, labels)?.labels.__error__).toBe('TemplateFormatErr')
  expect(performance.now() - started).toBeLessThan(3000)
})

test.each([
  ['{{ define "t" }}<{{ .a }}>{{ end }}{{ template "t" . }}{{ template "t" . }}', '<1><1>'],
  ['{{ block "t" .a }}[{{ . }}{{ $ }}]{{ end }}{{ template "t" "z" }}', '[11][zz]'],
  ['{{ template "later" }}{{ define "later" }}x{{ . }}{{ end }}', 'x<no value>'],
  ['{{ define "t" }}x{{ end }}{{ define "t" }} {{ end }}{{ template "t" }}', 'x'],
])('%s gives %s', (template, want) => {
  expect(format(template, { a: '1' })?.line).toBe(want)
})

test.each([
  ['{{ if .a }}{{ define "t" }}{{ end }}{{ end }}', 'unexpected {{define}}'],
  ['{{ define t }}{{ end }}', 'unexpected "t" in define clause'],
  ['{{ define "t" }}x', 'unexpected EOF'],
  ['{{ define "t" }}{{ $x }}{{ end }}', 'undefined variable "$x"'],
  ['{{ block "t" }}x{{ end }}', 'missing value for block clause'],
])('%s is refused, too', (template, why) => {
  expect(() => format(template)).toThrow(why)
})

test('a template that calls itself comes to an end, and one that is not there is told of', () => {
  expect(format('{{ define "t" }}{{ template "t" . }}{{ end }}{{ template "t" . }}')?.labels.__error__).toBe(
    'TemplateFormatErr',
  )
  expect(format('{{ template "nope" }}')?.labels.__error_details__).toContain('template "nope" not defined')
})
