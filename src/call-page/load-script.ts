/** Loads one script of the configured Jitsi, once, and gives up in time. */

const loading = new Map<string, Promise<void>>()

export function loadScript(url: string, timeoutMs: number): Promise<void> {
  const known = loading.get(url)
  if (known) return known
  const fresh = new Promise<void>((resolve, reject) => {
    const script = document.createElement('script')
    const late = setTimeout(() => reject(new Error('timeout')), timeoutMs)
    script.src = url
    script.async = true
    script.onload = () => {
      clearTimeout(late)
      resolve()
    }
    script.onerror = () => {
      clearTimeout(late)
      script.remove()
      reject(new Error('not loaded'))
    }
    document.head.append(script)
  })
  loading.set(url, fresh)
  // A failure is not for ever: the next attempt asks again.
  fresh.catch(() => loading.delete(url))
  return fresh
}
