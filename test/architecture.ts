/** Who imports whom, and who may. Read `rules` as the map of the source. */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export interface Import { file: string; to: string; typesOnly: boolean }
export interface Rule { name: string; from: RegExp; /** Allowed within the project; everything else is not. */ to: RegExp; typesOnly?: RegExp }

/** The first rule whose `from` fits a file holds for it. */
export const rules: Rule[] = [
  { name: 'core knows nobody', from: /^src\/core\//, to: /^src\/core\// },
  { name: 'the bot knows the words of core', from: /^src\/bot\//, to: /^src\/(bot\/|core\/(model|document|fit-shape|nearest)\.ts)/ },
  { name: 'the citizen’s chat stands alone', from: /^src\/channels\/webchat\/widget\//, to: /^src\/channels\/webchat\/widget\//, typesOnly: /^src\/(channels\/webchat|core)\// },
  { name: 'the page of a call stands alone', from: /^src\/call-page\//, to: /^src\/call-page\//, typesOnly: /^src\/call\/protocol\.ts$/ },
  { name: 'the list of kinds knows the kinds', from: /^src\/channels\/index\.ts$/, to: /^src\/(channels\/[^/]+\/index|core\/channel)\.ts$/ },
  { name: 'what channels share knows no kind', from: /^src\/channels\/[^/]+\.ts$/, to: /^src\/(channels\/(?!index)[^/]+|core\/(model|channel|secret|public-address))\.ts$/ },
  { name: 'a channel knows the contract', from: /^src\/channels\/[^/]+\//, to: /^src\/(channels\/(?!index\.ts)|core\/(model|channel|secret|fit|sms-segments|split|escape-html)\.ts)/ },
  { name: 'the config knows the words of core', from: /^src\/config(\/|\.ts)/, to: /^src\/(config(\/|\.ts)|core\/)/ },
  { name: 'the database knows only itself', from: /^src\/database(\/|\.ts)/, to: /^src\/database(\/|\.ts)/ },
  { name: 'the command line is the top', from: /^src\/(main\.ts|cli\/)/, to: /^src\// },
  { name: 'what is around core does not know the command line', from: /^src\//, to: /^src\/(?!cli\/|main\.ts|channels\/[^/]+\/(?!index\.ts))/ },
  { name: 'the inbox knows the types of the API', from: /^operator-ui\//, to: /^operator-ui\//, typesOnly: /^src\/(operator-api\.types|core\/(model|channel))\.ts$/ },
]

export function findStrays(imports: Import[]): string[] {
  return imports.flatMap((each) => {
    const rule = rules.find(({ from }) => from.test(each.file))
    if (!rule) return [`${each.file} is on no map`]
    const isAllowed = rule.to.test(each.to) || (each.typesOnly && rule.typesOnly?.test(each.to))
    const isOtherKind = kindOf(each.file) !== undefined && kindOf(each.to) !== undefined && kindOf(each.file) !== kindOf(each.to)
    return isAllowed && !isOtherKind ? [] : [`${each.file} → ${each.to}: ${isOtherKind ? 'channels are strangers to each other' : rule.name}`]
  })
}

const kindOf = (path: string) => /^src\/channels\/([^/]+)\//.exec(path)?.[1]

export const sources = (root: string): string[] => ['src', 'operator-ui/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file)).map((file) => `${folder}/${file}`))

export const importsOf = (root: string): Import[] =>
  sources(root).flatMap((file) => importsIn(file, readFileSync(join(root, file), 'utf8')))

/** Static, re-exporting, dynamic, and for side effects alone. Only those within the project. */
export function importsIn(file: string, text: string): Import[] {
  const found = [
    ...text.matchAll(/^\s*(import|export)\s+(type\s+)?(?:[^'"()]*?\sfrom\s+)?['"](\.[^'"]+)['"]/gm),
    ...text.matchAll(/()()\bimport\(\s*['"](\.[^'"]+)['"]/g),
  ]
  return found.map(([, , type, path = '']) => ({ file, to: normalize(join(dirname(file), path)), typesOnly: Boolean(type) }))
}
