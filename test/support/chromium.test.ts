import type { Browser } from 'playwright-core'
import { launchBrowser, systemChromium } from './chromium'

test('the Chromium named by CHROMIUM comes first', () => {
  expect(systemChromium({ CHROMIUM: process.execPath, PATH: '' })).toBe(process.execPath)
})

describe('a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  test('shows Kazakh letters and runs scripts', async () => {
    const page = await browser.newPage()
    await page.setContent('<title>Мансап</title><p id="p">Қызметкер</p>')
    expect(await page.title()).toBe('Мансап')
    expect(await page.evaluate('document.getElementById("p").offsetWidth > 0')).toBe(true)
    await page.close()
  })
})
