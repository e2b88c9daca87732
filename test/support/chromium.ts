import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The machine's own Chromium: the one named by CHROMIUM, else the first of the usual names on the PATH. */
export function systemChromium(env: { readonly CHROMIUM?: string | undefined; readonly PATH?: string | undefined }) {
  const folders = [...(env.PATH ?? '').split(path.delimiter), '/usr/bin'].filter((folder) => folder !== '')
  const candidates = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
  return [...(env.CHROMIUM ? [env.CHROMIUM] : []), ...candidates].find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** A headless browser: the machine's Chromium where there is one, else the one of the npm package (Linux on x64). */
export async function launchBrowser(): Promise<Browser> {
  // Loaded only by the tests that drive the console.
  const { chromium } = await import('playwright-core')
  const own = systemChromium(process.env)
  if (own !== undefined) {
    return chromium.launch({ executablePath: own, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  }
  const { default: packaged } = await import('@sparticuz/chromium')
  packaged.setGraphicsMode = false
  const wanted = packaged.args.filter((flag) => flag !== '--single-process' && !flag.startsWith('--headless'))
  return chromium.launch({ executablePath: await packaged.executablePath(), args: wanted })
}
