/** Two soft tones: somebody has answered. Made here, so that no file is fetched. */

export function chime(): void {
  try {
    const audio = new AudioContext()
    const gain = audio.createGain()
    gain.gain.setValueAtTime(0.12, audio.currentTime)
    gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.9)
    gain.connect(audio.destination)
    for (const [n, pitch] of [660, 880].entries()) {
      const tone = audio.createOscillator()
      tone.frequency.value = pitch
      tone.connect(gain)
      tone.start(audio.currentTime + n * 0.25)
      tone.stop(audio.currentTime + n * 0.25 + 0.4)
    }
    setTimeout(() => void audio.close(), 1_500)
  } catch {
    // Without sound, the title says it.
  }
}
