/** Two soft notes, made here: no file, and no more than one in a while however many messages come. */

let context: AudioContext | undefined
let lastAt = 0
const atMostEveryMs = 3000

export function chime(now = Date.now()): void {
  if (now - lastAt < atMostEveryMs) return
  lastAt = now
  context ??= new AudioContext()
  // Until the operator has clicked somewhere, the browser lets no page make a sound.
  if (context.state === 'suspended') void context.resume()
  note(context, 660, 0)
  note(context, 880, 0.12)
}

function note(audio: AudioContext, frequency: number, delay: number): void {
  const oscillator = audio.createOscillator()
  const gain = audio.createGain()
  const start = audio.currentTime + delay
  oscillator.frequency.value = frequency
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(0.08, start + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.001, start + 0.3)
  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(start)
  oscillator.stop(start + 0.32)
}
