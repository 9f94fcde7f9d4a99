/** Jitsi's own frame for the operator: loaded from the configured deployment, never from elsewhere. */

import type { CallPass } from '../../../src/operator-api.types.ts'

interface JitsiFrame {
  addListener(event: string, heard: (data: Record<string, unknown>) => void): void
  executeCommand(command: string, ...values: unknown[]): void
  getIFrame(): HTMLIFrameElement
  dispose(): void
}
type JitsiWindow = Window & { JitsiMeetExternalAPI?: new (domain: string, options: Record<string, unknown>) => JitsiFrame }

export interface Heard { joined(): void; left(): void; weak(): void }
export interface CallFrame { audioOnly(isOn: boolean): void; hangUp(): void; close(): void }

const timeoutMs = 10_000

function load(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if ((window as JitsiWindow).JitsiMeetExternalAPI) return resolve()
    const script = document.createElement('script')
    const late = window.setTimeout(() => reject(new Error('timeout')), timeoutMs)
    script.src = url
    script.onload = () => {
      window.clearTimeout(late)
      resolve()
    }
    script.onerror = () => {
      window.clearTimeout(late)
      script.remove()
      reject(new Error('not loaded'))
    }
    document.head.append(script)
  })
}

export async function openFrame(pass: CallPass, parent: HTMLElement, { language, title }: { language: string; title: string }, heard: Heard): Promise<CallFrame> {
  await load(`${pass.baseUrl}/external_api.js`)
  const Frame = (window as JitsiWindow).JitsiMeetExternalAPI
  if (!Frame) throw new Error('no JitsiMeetExternalAPI')
  const { host, protocol } = new URL(pass.baseUrl)
  const api = new Frame(host, {
    roomName: pass.roomName, parentNode: parent, width: '100%', height: '100%', lang: language, noSSL: protocol === 'http:',
    ...(pass.jwt !== null && { jwt: pass.jwt }),
    userInfo: { displayName: pass.displayName },
    configOverwrite: {
      prejoinConfig: { enabled: false }, prejoinPageEnabled: false, disableDeepLinking: true, disableThirdPartyRequests: true, analytics: { disabled: true },
      gravatar: { disabled: true }, doNotStoreRoom: true, disableInviteFunctions: true, enableClosePage: false, hideConferenceSubject: true, readOnlyName: true,
      toolbarButtons: ['microphone', 'camera', 'desktop', 'settings', 'tileview', 'fullscreen', 'videoquality', 'select-background', 'participants-pane', 'hangup', ...(pass.isRecordingAllowed ? ['recording'] : [])],
    },
  })
  api.getIFrame().title = title
  api.addListener('videoConferenceJoined', () => heard.joined())
  api.addListener('videoConferenceLeft', () => heard.left())
  api.addListener('readyToClose', () => heard.left())
  api.addListener('peerConnectionFailure', () => heard.weak())
  api.addListener('errorOccurred', () => heard.weak())
  return {
    audioOnly: (isOn) => api.executeCommand('setAudioOnly', isOn),
    hangUp: () => api.executeCommand('hangup'),
    close: () => api.dispose(),
  }
}
