import { useEffect, useState } from 'preact/hooks'

/** Colours that a canvas needs; it knows no custom properties. */
export interface Theme {
  text: string
  faint: string
  line: string
  accent: string
  surface: string
  error: string
  series: string[]
  /** Pixels left of every band's time. */
  gutter: number
}

const SERIES = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6']

function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement)
  const value = (name: string) => style.getPropertyValue(name).trim()
  return {
    text: value('--text'),
    faint: value('--faint'),
    line: value('--line'),
    accent: value('--accent'),
    surface: value('--surface'),
    error: value('--error'),
    series: SERIES.map(value),
    gutter: Number.parseFloat(value('--gutter')) || 0,
  }
}

/** Follows light and dark, paper, and the width at which the gutter changes. */
export function useTheme(): Theme {
  const [theme, set] = useState(readTheme)
  useEffect(() => {
    const update = () => set(readTheme())
    const queries = ['(prefers-color-scheme: dark)', 'print', '(max-width: 719px)', '(max-width: 1279px)'].map(
      (query) => matchMedia(query),
    )
    for (const query of queries) query.addEventListener('change', update)
    return () => {
      for (const query of queries) query.removeEventListener('change', update)
    }
  }, [])
  return theme
}
