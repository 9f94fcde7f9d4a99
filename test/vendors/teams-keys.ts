/** Microsoft's signing of what it sends: real RS256 keys, which can be rotated. */

import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export interface Signer {
  kid: string
  jwks: { keys: (JWK & { endorsements: string[] })[] }
  privateKey: CryptoKey
  /** New key from here on; the old one is no longer published. */
  rotate(): Promise<void>
  sign(claims: SignedClaims): Promise<string>
}
export interface SignedClaims {
  audience: string
  serviceUrl: string
  now: Date
  issuer?: string
  expiresAt?: Date
  notBefore?: Date
  kid?: string
  more?: Record<string, unknown>
}

export async function openSigner(endorsements = ['msteams', 'webchat']): Promise<Signer> {
  let count = 0
  const signer = { jwks: { keys: [] } } as unknown as Signer
  signer.rotate = async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    count += 1
    signer.kid = `key-${count}`
    signer.privateKey = privateKey
    signer.jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: signer.kid, use: 'sig', endorsements }] }
  }
  signer.sign = ({ audience, serviceUrl, now, issuer, expiresAt, notBefore, kid, more }) => {
    const at = Math.floor(now.getTime() / 1000)
    return new SignJWT({ serviceurl: serviceUrl, ...more })
      .setProtectedHeader({ alg: 'RS256', kid: kid ?? signer.kid, typ: 'JWT' })
      .setIssuer(issuer ?? 'https://api.botframework.com')
      .setAudience(audience)
      .setIssuedAt(at)
      .setNotBefore(notBefore ? Math.floor(notBefore.getTime() / 1000) : at)
      .setExpirationTime(expiresAt ? Math.floor(expiresAt.getTime() / 1000) : at + 3_600)
      .sign(signer.privateKey)
  }
  await signer.rotate()
  return signer
}
