/** Camera and microphone before the call: by Jitsi's own library, so that it is checked as it will be used; by the browser alone where that cannot be had. */

import { loadScript } from './load-script.ts'

export type Trouble = 'denied' | 'in-use' | 'no-camera' | 'no-microphone'
export interface Chosen { cameraId: string | null; microphoneId: string | null }
export interface Check {
  hasPicture: boolean
  hasSound: boolean
  trouble: Trouble | null
  by: 'jitsi' | 'browser'
  cameras: MediaDeviceInfo[]
  microphones: MediaDeviceInfo[]
  stop(): void
}

export async function check(jitsi: string, video: HTMLVideoElement, chosen: Chosen, onLevel: (level: number) => void): Promise<Check> {
  const library = await loadScript(`${jitsi}/libs/lib-jitsi-meet.min.js`, 5_000).then(() => window.JitsiMeetJS, () => undefined)
  let found: Tracks | Trouble = 'no-camera'
  // Whoever has no camera can still be heard, and the other way round.
  for (const devices of [['audio', 'video'], ['audio'], ['video']]) {
    found = await (library ? byJitsi(library, devices, video, chosen, onLevel) : byBrowser(devices, video, chosen, onLevel))
    if (typeof found === 'object' || found === 'denied') break
  }
  const all = await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? []
  const lists = { cameras: all.filter(({ kind }) => kind === 'videoinput'), microphones: all.filter(({ kind }) => kind === 'audioinput') }
  const by = library ? 'jitsi' : 'browser'
  if (typeof found === 'string') return { hasPicture: false, hasSound: false, trouble: found, by, ...lists, stop: () => undefined }
  const trouble = found.kinds.includes('video') ? (found.kinds.includes('audio') ? null : 'no-microphone') : 'no-camera'
  return { hasPicture: found.kinds.includes('video'), hasSound: found.kinds.includes('audio'), trouble, by, ...lists, stop: found.stop }
}

interface Tracks { kinds: string[]; stop(): void }

let started: Promise<void> | undefined

async function byJitsi(library: JitsiMeetLibrary, devices: string[], video: HTMLVideoElement, { cameraId, microphoneId }: Chosen, onLevel: (level: number) => void): Promise<Tracks | Trouble> {
  try {
    if (library.logLevels?.ERROR) library.setLogLevel?.(library.logLevels.ERROR)
    started ??= Promise.resolve(library.init({ disableAudioLevels: false, disableThirdPartyRequests: true }))
    await started
    const tracks = await library.createLocalTracks({ devices, resolution: 360, ...(cameraId && { cameraDeviceId: cameraId }), ...(microphoneId && { micDeviceId: microphoneId }) })
    for (const track of tracks) {
      if (track.getType() === 'video') track.attach(video)
      else track.on(library.events.track.TRACK_AUDIO_LEVEL_CHANGED, onLevel)
    }
    return {
      kinds: tracks.map((track) => track.getType()),
      stop() {
        for (const track of tracks) void track.dispose()
      },
    }
  } catch (error) {
    return troubleOf(error)
  }
}

async function byBrowser(devices: string[], video: HTMLVideoElement, { cameraId, microphoneId }: Chosen, onLevel: (level: number) => void): Promise<Tracks | Trouble> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: devices.includes('audio') && (microphoneId ? { deviceId: { exact: microphoneId } } : true),
      video: devices.includes('video') && { height: { ideal: 360 }, ...(cameraId && { deviceId: { exact: cameraId } }) },
    })
    video.srcObject = stream
    const stopMeter = stream.getAudioTracks().length > 0 ? meter(stream, onLevel) : () => undefined
    return {
      kinds: stream.getTracks().map(({ kind }) => kind),
      stop() {
        stopMeter()
        for (const track of stream.getTracks()) track.stop()
      },
    }
  } catch (error) {
    return troubleOf(error)
  }
}

function meter(stream: MediaStream, onLevel: (level: number) => void): () => void {
  const audio = new AudioContext()
  const analyser = audio.createAnalyser()
  audio.createMediaStreamSource(stream).connect(analyser)
  const samples = new Uint8Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(samples)
    onLevel(samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0) / 128)
  }, 200)
  return () => {
    clearInterval(timer)
    void audio.close()
  }
}

/** The library of today and that of 2016 name the same thing differently; the browsers' own names are inside both. */
function troubleOf(error: unknown): Trouble {
  const names = [error, (error as { name?: unknown })?.name, (error as { gum?: { error?: { name?: unknown } } })?.gum?.error?.name].map(String).join(' ').toLowerCase()
  if (/notallowed|permission|security|denied/.test(names)) return 'denied'
  return /notreadable|trackstart|in use/.test(names) ? 'in-use' : 'no-camera'
}
