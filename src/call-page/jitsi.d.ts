/** The few members of Jitsi's two browser libraries that this page uses; the same in the library of 2016 and in today's. */

interface JitsiLocalTrack {
  getType(): 'audio' | 'video'
  attach(element: HTMLElement): unknown
  detach(element: HTMLElement): void
  on(event: string, heard: (value: number) => void): void
  dispose(): Promise<void> | undefined
}
interface JitsiMeetLibrary {
  init(options: Record<string, unknown>): Promise<void> | undefined
  setLogLevel?(level: string): void
  logLevels?: Record<string, string>
  createLocalTracks(options: { devices: string[]; cameraDeviceId?: string; micDeviceId?: string; resolution?: number }): Promise<JitsiLocalTrack[]>
  events: { track: { TRACK_AUDIO_LEVEL_CHANGED: string } }
}
interface JitsiFrame {
  addListener(event: string, heard: (data: Record<string, unknown>) => void): void
  executeCommand(command: string, ...values: unknown[]): void
  getIFrame(): HTMLIFrameElement
  dispose(): void
}
interface Window {
  JitsiMeetJS?: JitsiMeetLibrary
  JitsiMeetExternalAPI?: new (domain: string, options: Record<string, unknown>) => JitsiFrame
}
