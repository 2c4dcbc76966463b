import type { Page } from 'playwright-core'

/** A state of the page that is worth a picture; `act` brings it about where its URL alone does not. */
interface View {
  name: string
  path: string
  /** There once it is drawn. */
  ready: string
  act?: (page: Page) => Promise<unknown>
}

/** What the views are about: ids of one run's traces. */
interface Seen {
  failed: string
  other: string
  /** Of the run that is slow. */
  slow: string
}

const wideEnough = (page: Page) => (page.viewportSize()?.width ?? 0) > 700

/** Every view of the page, in good states and bad ones, of a lab with the runs that pictures.slow.test.ts makes. */
export function viewsOf({ failed, other, slow }: Seen): View[] {
  const stress = '/?run=stress'
  const trace = `${stress}&trace=${failed}`
  const line = '.band-logs .row.level-error'
  return [
    { name: 'overview', path: stress, ready: line },
    { name: 'runs', path: stress, ready: line, act: (page) => page.click('.run-picker > button') },
    { name: 'keys', path: stress, ready: line, act: (page) => page.keyboard.press('?') },
    { name: 'dot', path: stress, ready: line, act: (page) => page.focus('.dot-button') },
    { name: 'heat', path: `${stress}&metric=neuro_process_duration_seconds`, ready: line },
    { name: 'p95', path: `${stress}&metric=neuro_process_duration_seconds&mode=quantiles`, ready: line },
    { name: 'rate', path: `${stress}&metric=neuro_files_processed_total&mode=rate`, ready: line },
    { name: 'waterfall', path: trace, ready: '.rows[role=tree] .row' },
    {
      name: 'span',
      path: trace,
      ready: '.rows[role=tree] .row',
      act: async (page) => {
        await page.keyboard.press('e')
        await page.waitForSelector('.details .problem')
      },
    },
    { name: 'line', path: trace, ready: line, act: (page) => page.locator(line).last().click() },
    { name: 'slow', path: `/?run=slow&trace=${slow}`, ready: '.rows[role=tree] .row' },
    { name: 'flame', path: `/?run=slow&trace=${slow}&shape=flame`, ready: '.band-trace canvas' },
    { name: 'diff', path: `${trace}&shape=diff&other=${other}`, ready: '.band-trace .row' },
    { name: 'compare', path: `${stress}&vs=normal`, ready: '.compare tbody tr:nth-child(2)' },
    { name: 'exercise', path: `${trace}&exercise=3`, ready: '.exercise .check' },
    {
      name: 'task',
      path: `${stress}&exercise=3`,
      ready: '.exercise .check',
      act: (page) => page.click('.exercise summary'),
    },
    {
      name: 'editor',
      path: stress,
      ready: line,
      act: async (page) => {
        await page.click('.band-metric .query-text')
        await page.waitForSelector('.editor >> .cm-content')
        await page.keyboard.press('ControlOrMeta+a')
        await page.keyboard.type('sum by (ba')
        await page.keyboard.press('ControlOrMeta+a')
        await page.keyboard.type('rate(neuro_files')
        await page.waitForSelector('.editor >> .cm-completionLabel')
      },
    },
    {
      name: 'caret',
      path: `${stress}&promql=${encodeURIComponent('sum by (kind) (rate(neuro_files_failed_total[5m])')}`,
      ready: '.band-metric .caret',
    },
    {
      name: 'caret-logql',
      path: `${stress}&logql=${encodeURIComponent('{service_name="neuro-preprocess"} | jsn')}`,
      ready: '.band-logs .caret',
    },
    {
      name: 'long-query',
      path: `${stress}&promql=${encodeURIComponent('histogram_quantile(0.95, sum by (le, service_name, instance) (rate(neuro_process_duration_seconds_bucket{instance="stress", job="neuro-preprocess"}[1m])))')}`,
      ready: line,
    },
    {
      name: 'filtered',
      path: `${stress}&logql=${encodeURIComponent('{service_instance_id="stress"} |= "nobody says this"')}&traceql=${encodeURIComponent('{duration > 5h}')}&promql=${encodeURIComponent('nothing_of_this_name')}`,
      ready: '.band-logs .command',
    },
    { name: 'no-trace', path: `${stress}&trace=${'ab'.repeat(16)}`, ready: '.band-trace .said' },
    { name: 'topology', path: '/topology?run=stress', ready: '.pipeline' },
    {
      name: 'arrow',
      path: '/topology?run=stress',
      ready: '.pipeline',
      act: async (page) => {
        await page.locator('.arrow').nth(2).click()
        await page.waitForSelector('.passages li')
        await page.locator('.passages button').first().click()
        await page.waitForSelector('.payload')
      },
    },
    { name: 'broken', path: '/?run=broken', ready: '.band-trace .said-broken' },
    { name: 'broken-topology', path: '/topology?run=broken', ready: '.broken-note' },
    {
      name: 'scrolled',
      path: trace,
      ready: '.rows[role=tree] .row',
      act: async (page) => wideEnough(page) || page.evaluate('scrollTo(0, document.body.scrollHeight)'),
    },
  ]
}
