/** Transcripts as JUnit, the way CI systems read test results. */

import type { TestReport } from './transcripts.ts'

export function asJunit({ outcomes }: TestReport): string {
  const failed = outcomes.filter(({ failures }) => failures.length > 0).length
  const cases = outcomes.map(({ file, name, failures }) => {
    const inside = failures.map((failure) => `<failure message="${escaped(failure)}"/>`).join('')
    return `    <testcase classname="${escaped(file)}" name="${escaped(name)}">${inside}</testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="bot" tests="${outcomes.length}" failures="${failed}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

/** XML has no way to say a control character. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
}
