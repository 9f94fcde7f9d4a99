/** What a browser gets from the deployment: a stand-in external_api.js with the real one's names, and the page inside its frame. */

/** The names of the real IFrame API that our pages use; what is not among them is refused aloud, as the real one does. */
export const externalApi = `
(() => {
  const commands = ['hangup', 'setAudioOnly', 'toggleAudio', 'toggleVideo', 'displayName', 'subject', 'toggleShareScreen', 'endConference']
  const events = ['videoConferenceJoined', 'videoConferenceLeft', 'readyToClose', 'participantJoined', 'participantLeft', 'participantRoleChanged',
    'errorOccurred', 'peerConnectionFailure', 'suspendDetected', 'audioMuteStatusChanged', 'videoMuteStatusChanged']
  window.JitsiMeetExternalAPI = class {
    constructor(domain, options) {
      const { roomName, jwt, parentNode, noSSL, configOverwrite = {}, userInfo = {}, lang } = options
      this.options = options
      this.heard = new Map()
      this.origin = (noSSL ? 'http' : 'https') + '://' + domain
      const settings = new URLSearchParams({ audioOnly: String(Boolean(configOverwrite.startAudioOnly)), name: userInfo.displayName || '', lang: lang || '' })
      this.frame = document.createElement('iframe')
      this.frame.allow = 'autoplay; camera; clipboard-write; compute-pressure; display-capture; hid; microphone; screen-wake-lock; speaker-selection'
      this.frame.src = this.origin + '/' + roomName + (jwt ? '?jwt=' + jwt : '') + '#' + settings
      this.frame.style.border = 0
      this.frame.style.width = '100%'
      this.frame.style.height = '100%'
      parentNode.appendChild(this.frame)
      this.listen = ({ source, origin, data }) => {
        if (source !== this.frame.contentWindow || origin !== this.origin) return
        for (const listener of this.heard.get(data.event) || []) listener(data.detail || {})
      }
      window.addEventListener('message', this.listen)
    }
    addListener(name, listener) {
      if (!events.includes(name)) throw new Error('no such event: ' + name)
      this.heard.set(name, [...(this.heard.get(name) || []), listener])
    }
    executeCommand(name, ...values) {
      if (!commands.includes(name)) return console.error('Not supported command name.')
      this.frame.contentWindow.postMessage({ command: name, values }, this.origin)
    }
    getIFrame() { return this.frame }
    dispose() {
      window.removeEventListener('message', this.listen)
      this.frame.remove()
    }
  }
})()
`

export const meetingPage = `<!doctype html><html lang="pt"><head><meta charset="utf-8"><title>Sala</title><style>
  body { margin: 0; background: #0f172a; color: #fff; font: 16px sans-serif; height: 100vh; overflow: hidden }
  video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover }
  ul { position: absolute; right: 12px; top: 12px; margin: 0; padding: 8px 14px; background: #000c; list-style: none; border-radius: 8px }
  #bar { position: absolute; bottom: 16px; left: 0; right: 0; text-align: center }
  button { font-size: 16px; padding: 10px 18px; border: 0; border-radius: 8px; background: #9d1c24; color: #fff }
  #problem { position: absolute; top: 40%; width: 100%; text-align: center; font-size: 20px }
</style></head><body><video id="mine" autoplay muted playsinline></video><ul id="people" aria-label="Na sala"></ul><p id="problem"></p>
<div id="bar"><button id="hangup">Desligar</button></div><script>
  const settings = new URLSearchParams(location.hash.slice(1))
  const room = location.pathname.slice(1)
  const tell = (event, detail) => parent.postMessage({ event, detail }, '*')
  let me, line, stream
  const people = new Map()
  const draw = () => { document.getElementById('people').replaceChildren(...[...people.values()].map((one) => { const li = document.createElement('li'); li.textContent = one.name + (one.moderator ? ' ★' : ''); return li })) }
  async function join() {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: settings.get('audioOnly') !== 'true' }).catch(() => undefined)
    if (stream) document.getElementById('mine').srcObject = stream
    const answer = await fetch('/stand-in/join', { method: 'POST', body: JSON.stringify({ room, jwt: new URLSearchParams(location.search).get('jwt'), tracks: stream ? stream.getTracks().map((track) => track.kind) : [] }) })
    const joined = await answer.json()
    if (!answer.ok) {
      document.getElementById('problem').textContent = joined.reason
      return tell('errorOccurred', { name: joined.name, message: joined.reason, isFatal: true })
    }
    me = joined.id
    for (const one of joined.people) people.set(one.id, one)
    draw()
    tell('videoConferenceJoined', { id: me, roomName: room, displayName: joined.name })
    for (const one of joined.people) if (one.id !== me) tell('participantJoined', { id: one.id, displayName: one.name })
    line = new EventSource('/stand-in/events?room=' + encodeURIComponent(room) + '&id=' + me)
    line.onmessage = ({ data }) => {
      const { what, person } = JSON.parse(data)
      if (what === 'failure') return tell('peerConnectionFailure', { isP2P: false })
      if (what === 'out') return leave()
      if (person.id === me || (what === 'joined' && people.has(person.id))) return
      if (what === 'joined') people.set(person.id, person)
      else people.delete(person.id)
      draw()
      tell(what === 'joined' ? 'participantJoined' : 'participantLeft', { id: person.id, displayName: person.name })
    }
  }
  function leave() {
    if (!me) return
    line.close()
    navigator.sendBeacon('/stand-in/leave', JSON.stringify({ room, id: me }))
    me = undefined
    if (stream) for (const track of stream.getTracks()) track.stop()
    tell('videoConferenceLeft', { roomName: room })
    tell('readyToClose', {})
  }
  document.getElementById('hangup').addEventListener('click', leave)
  addEventListener('message', ({ data, source }) => {
    if (source !== parent) return
    if (data.command === 'hangup') leave()
    if (data.command === 'setAudioOnly' && stream) for (const track of stream.getVideoTracks()) track.enabled = !data.values[0]
    document.body.dataset.audioOnly = data.command === 'setAudioOnly' ? String(data.values[0]) : document.body.dataset.audioOnly || ''
  })
  join()
</script></body></html>`
