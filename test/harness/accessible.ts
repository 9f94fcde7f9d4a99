/** What axe has to say about a page in each of the looks that people have it in: a phone, a laptop, in the light, in the dark. */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const looks = (['light', 'dark'] as const).flatMap((colorScheme) => [{ width: 360, height: 740 }, { width: 1366, height: 768 }].map((viewport) => ({ colorScheme, viewport })))
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const engine = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export async function inEachLook(page: Page, of: (name: string) => Promise<void>): Promise<void> {
  const before = page.viewportSize()!
  for (const { colorScheme, viewport } of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize(viewport)
    // What is inherited changes one level a frame.
    await page.evaluate(async () => {
      for (let quiet = 0; quiet < 3;) {
        await new Promise(requestAnimationFrame)
        quiet = document.getAnimations().some((one) => one instanceof CSSTransition) ? 0 : quiet + 1
      }
    })
    await of(`${colorScheme}-${viewport.width}`)
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  await page.setViewportSize(before)
}

/** As the inspector would, past the page's own policy. The inside of a frame is Jitsi's own. */
export async function violations(page: Page): Promise<string[]> {
  const all: string[] = []
  await page.evaluate(engine)
  await inEachLook(page, async (look) => {
    const found = await page.evaluate(async (runOnly) => {
      const { axe } = window as unknown as { axe: { run(context: object, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
      return (await axe.run({ exclude: [['iframe']] }, { iframes: false, runOnly })).violations
    }, rules)
    all.push(...found.map(({ id, nodes }) => `${look}: ${id}: ${nodes[0]?.html}`))
  })
  return all
}

/** For whoever wants to look: into the folder that BALCAO_SCREENSHOTS names. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.BALCAO_SCREENSHOTS
  if (folder) await inEachLook(page, async (look) => void await page.screenshot({ path: `${folder}/${name}-${look}.png` }))
}
