import { useEffect, useRef } from 'preact/hooks'
import { type EditorOptions, mountEditor } from './editor.ts'
import { loadLanguage } from './languages.ts'

/** The editor in the query's place. */
export function QueryEditor({ language, text, label, onRun, onCancel }: Omit<EditorOptions, 'grammar'>) {
  const host = useRef<HTMLDivElement>(null)
  const latest = useRef({ onRun, onCancel })
  latest.current = { onRun, onCancel }
  useEffect(() => {
    let editor: { destroy(): void } | undefined
    let gone = false
    loadLanguage(language).then((grammar) => {
      if (gone) return
      editor = mountEditor(host.current!, {
        language,
        grammar,
        text,
        label,
        onRun: (query) => latest.current.onRun(query),
        onCancel: () => latest.current.onCancel(),
      })
    })
    return () => {
      gone = true
      editor?.destroy()
    }
  }, [language])
  return <div class="editor" ref={host} />
}
