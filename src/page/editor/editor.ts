import { autocompletion, completionKeymap, startCompletion } from '@codemirror/autocomplete'
import { history, historyKeymap, standardKeymap } from '@codemirror/commands'
import { type Language as Grammar, syntaxHighlighting } from '@codemirror/language'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import type { Language } from '../parts/language.ts'
import { completionFor } from './complete.ts'
import { highlighting } from './languages.ts'

export interface EditorOptions {
  language: Language
  grammar: Grammar
  text: string
  /** For screen readers. */
  label: string
  onRun(text: string): void
  onCancel(): void
}

/**
 * A query editor inside `host`: in a shadow root, where its styles are sheets rather than inline ones, which the page's
 * policy forbids. Enter asks, Shift+Enter begins a line, Esc leaves.
 */
export function mountEditor(host: HTMLElement, options: EditorOptions): { destroy(): void } {
  const { language, grammar, text, label, onRun, onCancel } = options
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const run = (view: EditorView) => {
    onRun(view.state.doc.toString().trim())
    return true
  }
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      selection: { anchor: text.length },
      extensions: [
        // An open list takes Enter and Esc first.
        Prec.highest(keymap.of(completionKeymap)),
        Prec.high(
          keymap.of([
            { key: 'Enter', run },
            { key: 'Mod-Enter', run },
          ]),
        ),
        keymap.of([
          {
            key: 'Escape',
            run: () => {
              onCancel()
              return true
            },
          },
          ...standardKeymap,
          ...historyKeymap,
        ]),
        history(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        grammar,
        syntaxHighlighting(highlighting),
        autocompletion({ override: [completionFor(language)], icons: false, defaultKeymap: false }),
        theme,
      ],
    }),
  })
  view.focus()
  if (text === '') startCompletion(view)
  return { destroy: () => view.destroy() }
}

const theme = EditorView.theme({
  '&': { color: 'var(--text)', background: 'var(--surface)', fontSize: '12px', borderRadius: '5px' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-content': { fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace', padding: '4px 0' },
  '.cm-line': { padding: '0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--accent-soft) !important' },
  '.cm-matchingBracket': { background: 'var(--accent-soft) !important', color: 'inherit' },
  '.cm-tooltip': {
    background: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete': { marginTop: '7px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'inherit', maxHeight: '260px', padding: '4px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', borderRadius: '4px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  // On a narrow screen it would lie on the list.
  '.cm-completionInfo.cm-completionInfo-left-narrow, .cm-completionInfo.cm-completionInfo-right-narrow': {
    display: 'none',
  },
  '.cm-completionDetail': { color: 'var(--faint)', fontStyle: 'normal', marginLeft: '12px' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
})
