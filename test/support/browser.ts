import { existsSync } from 'node:fs'
import type { Browser } from 'playwright-core'

/** Where a Chromium is: `CHROME_PATH`, else where distributions put it. Undefined, said loudly, where there is none. */
export function findChromium(): string | undefined {
  const places = [process.env.CHROME_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const found = places.find((place) => place && existsSync(place))
  if (found === undefined) console.warn('SKIPPED: no Chromium here (apt-get install chromium, or set CHROME_PATH)')
  return found
}

export async function openBrowser(executablePath: string, args: string[] = []): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  })
}
