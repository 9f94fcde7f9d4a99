/** The call itself, in Jitsi's own frame. Tells what happens in it; knows nothing of the page around. */

import type { CallPass } from '../call/protocol.ts'
import { loadScript } from './load-script.ts'

export interface Entering { audioOnly: boolean; cameraLabel: string | null; microphoneLabel: string | null; language: string; title: string }
export interface Heard { joined(): void; left(): void; weak(): void; well(): void }
export interface Room { audioOnly(isOn: boolean): void; hangUp(): void; close(): void }

/** Rejects when Jitsi cannot be had: the page goes on in writing. */
export async function openRoom(pass: CallPass, parent: HTMLElement, { audioOnly, cameraLabel, microphoneLabel, language, title }: Entering, heard: Heard): Promise<Room> {
  await loadScript(`${pass.baseUrl}/external_api.js`, 10_000)
  const Frame = window.JitsiMeetExternalAPI
  if (!Frame) throw new Error('no JitsiMeetExternalAPI')
  const { host, protocol } = new URL(pass.baseUrl)
  const buttons = ['microphone', 'camera', 'desktop', 'settings', 'tileview', 'fullscreen', 'videoquality', 'hangup', ...(pass.isRecordingAllowed ? ['recording'] : [])]
  const api = new Frame(host, {
    roomName: pass.roomName, parentNode: parent, width: '100%', height: '100%', lang: language, noSSL: protocol === 'http:',
    ...(pass.jwt !== null && { jwt: pass.jwt }),
    userInfo: { displayName: pass.displayName },
    devices: { ...(microphoneLabel && { audioInput: microphoneLabel }), ...(cameraLabel && { videoInput: cameraLabel }) },
    configOverwrite: {
      prejoinConfig: { enabled: false }, prejoinPageEnabled: false, startAudioOnly: audioOnly, startWithVideoMuted: audioOnly,
      // On a phone the call stays in the browser: nobody is sent to a shop for an app.
      disableDeepLinking: true,
      disableThirdPartyRequests: true, analytics: { disabled: true }, gravatar: { disabled: true }, doNotStoreRoom: true, disableInviteFunctions: true,
      enableClosePage: false, toolbarButtons: buttons, hideConferenceSubject: true, readOnlyName: true, defaultLanguage: language,
    },
    interfaceConfigOverwrite: { MOBILE_APP_PROMO: false, SHOW_JITSI_WATERMARK: false, DISABLE_JOIN_LEAVE_NOTIFICATIONS: false },
  })
  api.getIFrame().title = title
  api.addListener('videoConferenceJoined', () => heard.joined())
  api.addListener('videoConferenceLeft', () => heard.left())
  api.addListener('readyToClose', () => heard.left())
  api.addListener('peerConnectionFailure', () => heard.weak())
  api.addListener('suspendDetected', () => heard.weak())
  api.addListener('errorOccurred', () => heard.weak())
  api.addListener('participantJoined', () => heard.well())
  return {
    audioOnly: (isOn) => api.executeCommand('setAudioOnly', isOn),
    hangUp: () => api.executeCommand('hangup'),
    close: () => api.dispose(),
  }
}
