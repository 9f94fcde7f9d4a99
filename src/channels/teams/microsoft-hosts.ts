/** Where Microsoft keeps people's files. Those addresses need no password, so that bytes go to, and come from, no other host. */

import { isAllowed } from './service-urls.ts'

/** OneDrive for work, where a chat of two keeps its files. */
const files = ['*.sharepoint.com', '*.sharepoint-df.com', '*.svc.ms']

const isOrigin = (pattern: string) => pattern.includes('://')

/** Config names this very origin: a stand-in on this machine. */
export const isNamed = (url: string, serviceUrls: readonly string[]): boolean => isAllowed(url, serviceUrls.filter(isOrigin))
export const holdsFiles = (url: string, serviceUrls: readonly string[]): boolean => isAllowed(url, files) || isNamed(url, serviceUrls)
