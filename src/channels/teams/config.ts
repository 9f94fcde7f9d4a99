/** What an admin writes about one Teams bot. */

import { z } from 'zod'
import { secret } from '../../core/secret.ts'

const guid = z
  .string()
  .regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, 'expected an id as Entra shows it: 8-4-4-4-12 hexadecimal digits')
  .transform((text) => text.toLowerCase())
const address = z.url({ protocol: /^https?$/ })

export const config = z.strictObject({
  /** Application (client) id of the bot's registration in Entra. */
  appId: guid,
  appPassword: secret,
  /** The directory that the bot is registered in: the town hall's own. */
  tenantId: guid,
  /** Other directories whose people may write; 'any' takes everybody who can install the bot. */
  allowedTenants: z.union([z.literal('any'), z.array(guid)]).default([]),
  /**
   * Where answers and our token may go: a host, `*.domain`, or a whole origin (http://127.0.0.1:8085). Microsoft's own
   * when left out.
   */
  serviceUrls: z
    .array(
      z
        .string()
        .regex(
          /^((\*\.)?[a-z\d-]+(\.[a-z\d-]+)+|https?:\/\/[^\s/]+)$/,
          'expected a host, *.domain, or an origin such as https://host',
        ),
    )
    .min(1)
    .default(['smba.trafficmanager.net', '*.botframework.com', '*.teams.microsoft.com']),
  /** How files reach citizens: `consent` puts them into their own OneDrive once they agree, `link` never asks. */
  files: z.enum(['consent', 'link']).default('consent'),
  /** Who signs what Microsoft sends us. */
  openIdMetadataUrl: address.default('https://login.botframework.com/v1/.well-known/openidconfiguration'),
  /** Microsoft's sign-in; the directory's own path follows. */
  loginUrl: address.default('https://login.microsoftonline.com'),
  /** In place of loginUrl, tenant and path. */
  tokenUrl: address.optional(),
})

export type TeamsConfig = z.output<typeof config>
