/** Labels of a sender: only what our own mail server wrote counts, in each provider's spelling. */

import { expect, test } from 'vitest'
import { trustOf } from '../../../src/channels/email/trust.ts'

type Fields = [string, string][]
const received: Fields[number] = ['received', 'from mau.example by mx.cm-exemplo.pt']
const pass = 'dmarc=pass header.from=exemplo.pt'

const cases: [string, Fields, string[], string | undefined][] = [
  [
    'above the newest Received, nothing configured',
    [['authentication-results', `mx.x; ${pass}`], received],
    [],
    'verified',
  ],
  [
    'below it, nothing configured: anybody wrote that',
    [received, ['authentication-results', `mx.x; ${pass}`]],
    [],
    'unverified',
  ],
  [
    'of a server with another name',
    [['authentication-results', `mx.mau; ${pass}`], received],
    ['mx.nosso'],
    'unverified',
  ],
  [
    'of ours, below an internal hop',
    [received, ['authentication-results', `mx.nosso; ${pass}`]],
    ['mx.nosso'],
    'verified',
  ],
  [
    'the newest of two of ours',
    [
      ['authentication-results', 'mx.nosso; dmarc=fail'],
      ['authentication-results', `mx.nosso; ${pass}`],
    ],
    ['mx.nosso'],
    'unverified',
  ],
  [
    'of Exchange Online, which names nobody',
    [received, ['authentication-results', `spf=pass smtp.mailfrom=exemplo.pt; dkim=none; ${pass}`]],
    ['microsoft365'],
    'verified',
  ],
  [
    'an aligned signature without DMARC',
    [['authentication-results', 'mx.nosso; dkim=pass header.d=exemplo.pt; dmarc=none']],
    ['mx.nosso'],
    'verified',
  ],
  [
    'a signature of somebody else',
    [['authentication-results', 'mx.nosso; dkim=pass header.d=mau.example; spf=pass smtp.mailfrom=a@mau.example']],
    ['mx.nosso'],
    'unverified',
  ],
  [
    'an aligned signature in spite of a DMARC failure',
    [['authentication-results', 'mx.nosso; dkim=pass header.d=exemplo.pt; dmarc=fail']],
    ['mx.nosso'],
    'unverified',
  ],
  [
    'a verdict hidden in a comment',
    [['authentication-results', `mx.nosso; spf=fail (${pass}; )`]],
    ['mx.nosso'],
    'unverified',
  ],
  [
    'a whole suffix is not a domain',
    [['authentication-results', 'mx.nosso; dkim=pass header.d=pt']],
    ['mx.nosso'],
    'unverified',
  ],
]

test.each(cases)('%s', (_name, fields, servers, sender) => {
  expect(trustOf(fields, servers, 'maria@exemplo.pt').sender).toBe(sender)
})
