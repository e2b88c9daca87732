/** A product of its own with the sample cases, and a browser, for what walks through it as people do. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { freePort } from '../../scripts/processes'
import { launchBrowser } from '../support/chromium'
import { eventually } from '../support/eventually'
import { startProduct } from '../support/product'

export interface Place {
  readonly baseUrl: string
  readonly dataDir: string
  readonly browser: Browser
}

const SAMPLES_WITHIN_MS = 400_000

/** Does it in a product that is started for it and stopped afterwards. */
export async function inSampleProduct<T>(name: string, does: (place: Place) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(path.join(tmpdir(), `mansap-${name}-`))
  chmodSync(dataDir, 0o755)
  const env = { MANSAP_SAMPLE_CASES: '1' }
  const [product, browser] = await Promise.all([
    startProduct({ dataDir, port: await freePort(), env }),
    launchBrowser(),
  ])
  try {
    await eventually('the sample cases', () => /sample cases are/.test(product.output()), SAMPLES_WITHIN_MS)
    if (product.output().includes('incomplete')) throw new Error(product.output())

    return await does({ baseUrl: product.baseUrl, dataDir, browser })
  } finally {
    await browser.close()
    await product.stop()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}
