/**
 * A real Prosody on 127.0.0.1 with Jitsi's own plugins, which are not ours to bring: from where Debian puts them, or from JITSI_PROSODY_PLUGINS.
 * No bridge and no focus: who is let into which room, and what is asked of the reservation routes.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const binary = '/usr/bin/prosody'
const plugins = process.env.JITSI_PROSODY_PLUGINS || '/usr/share/jitsi-meet/prosody-plugins'
const startMs = 15_000
/** Debian brings basexx and inspect, which the plugins want, for this Lua alone; they run in Prosody's as well. */
const olderLua = ';;/usr/share/lua/5.2/?.lua'

/** Why it cannot be run here; undefined: it can. */
export const whyNoProsody: string | undefined = !existsSync(binary) ? `${binary} is not there`
  : !existsSync(join(plugins, 'mod_auth_token.lua')) ? `no mod_auth_token.lua in ${plugins}; JITSI_PROSODY_PLUGINS names another folder` : undefined

export const domain = 'video.valeformoso.example'

/** `keys`: where RS256 keys are asked for, in place of the secret. */
export interface ProsodyOptions {
  appId: string
  secret?: string
  keys?: { url: string; issuer: string }
  reservations?: { url: string; token: string }
}
export interface Prosody { bosh: string; log(): string; close(): Promise<void> }

/** Jitsi's focus opens each room before anybody is let in, and newer plugins want it so. There is none here. */
const opensRooms = `
local bare = require "util.jid".bare
local muc = module:depends "muc"
module:hook("presence/full", function (event)
  local room = bare(event.stanza.attr.to)
  if not muc.get_room_from_jid(room) then muc.create_room(room) end
end, 1000)
`

export async function startProsody(options: ProsodyOptions): Promise<Prosody> {
  const folder = mkdtempSync(join(tmpdir(), 'balcao-prosody-'))
  mkdirSync(join(folder, 'data'))
  const port = await freePort()
  const config = join(folder, 'prosody.cfg.lua')
  writeFileSync(join(folder, 'mod_opens_rooms.lua'), opensRooms)
  writeFileSync(config, written(folder, port, options))
  const daemon = spawn(binary, ['-F', '--config', config], { stdio: 'ignore', env: { LUA_PATH: olderLua, ...process.env } })
  const log = () => readFileSync(join(folder, 'prosody.log'), 'utf8')
  const close = async () => {
    await ended(daemon)
    rmSync(folder, { recursive: true, force: true })
  }
  const deadline = Date.now() + startMs
  while (!await fetch(`http://127.0.0.1:${port}/http-bind`).then(() => true, () => false)) {
    if (daemon.exitCode !== null || Date.now() > deadline) {
      const said = existsSync(join(folder, 'prosody.log')) ? log() : 'nothing'
      await close()
      throw new Error(`Prosody does not answer; it said:\n${said}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { bosh: `http://127.0.0.1:${port}/http-bind`, log, close }
}

function written(folder: string, port: number, { appId, secret, keys, reservations }: ProsodyOptions): string {
  const lines = [
    `plugin_paths = { ${lua(plugins)}, ${lua(folder)} }`, `data_path = ${lua(join(folder, 'data'))}`, `log = { { levels = { min = "info" }, to = "file", filename = ${lua(join(folder, 'prosody.log'))} } }`,
    'run_as_root = true', 'daemonize = false', `pidfile = ${lua(join(folder, 'pid'))}`, 'network_backend = "select"',
    'interfaces = { "127.0.0.1" }', 'c2s_ports = {}', 's2s_ports = {}', 'https_ports = {}', 'http_interfaces = { "127.0.0.1" }', `http_ports = { ${port} }`,
    `http_default_host = "${domain}"`, 'modules_disabled = { "s2s", "c2s", "offline", "s2s_auth_certs" }', 'consider_bosh_secure = true', 'c2s_require_encryption = false',
    `muc_mapper_domain_base = "${domain}"`, `main_muc = "conference.${domain}"`,
    `VirtualHost "${domain}"`, 'authentication = "token"', `app_id = ${lua(appId)}`, 'allow_empty_token = false',
    ...(secret === undefined ? [] : [`app_secret = ${lua(secret)}`]), 'enable_domain_verification = true',
    ...(keys ? [`asap_key_server = ${lua(keys.url)}`, `asap_accepted_issuers = { ${lua(keys.issuer)} }`] : []),
    'asap_accepted_audiences = { "jitsi" }', `modules_enabled = { "saslauth", "bosh", "presence_identity"${reservations ? ', "reservations"' : ''} }`,
    ...(reservations ? [`reservations_api_prefix = ${lua(reservations.url)}`, `reservations_api_headers = { ["Authorization"] = ${lua(`Bearer ${reservations.token}`)} }`, 'reservations_api_retry_count = 0'] : []),
    `Component "conference.${domain}" "muc"`, 'modules_enabled = { "token_verification", "opens_rooms" }',
    // Stands where Jicofo would be; nobody is connected to it, so that it answers in its own way.
    `Component "focus.${domain}"`, 'component_secret = "nobody"',
  ]
  return `${lines.join('\n')}\n`
}

const lua = (text: string) => JSON.stringify(text)

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function ended(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const last = setTimeout(() => daemon.kill('SIGKILL'), 5_000)
    daemon.once('exit', () => {
      clearTimeout(last)
      resolve()
    })
    daemon.kill('SIGTERM')
  })
}
