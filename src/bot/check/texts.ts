/** Every text in every language, with variables and filters that exist. */

import { templateProblems } from '../interpolate.ts'
import type { Check, Rulebook } from '../rulebook.ts'
import { splitRef, textIn, type Text } from '../shape/text.ts'
import { builtInCommands, closedTexts } from './references.ts'

type Path = (string | number)[]

export const checkTexts: Check = (book, report) => {
  const always = [
    ...Object.keys(book.town).map((fact) => `town.${fact}`),
    ...Object.keys(book.links).map((id) => `links.${id}`),
    'citizen.name',
    'citizen.*',
    'reference',
    'channel.kind',
    'now',
  ]
  /** `inFull`: also where a language is only partial. */
  const text = (path: Path, said: Text | undefined, inFull: boolean, more: string[] = []) => {
    if (said === undefined) return
    const missing = book.languages.filter(
      (language) => textIn(said, language) === undefined && (inFull || !book.partial.includes(language)),
    )
    const needed = typeof said === 'string' && book.languages.length > 1 && !inFull ? [] : missing
    if (needed.length > 0) report(path, `has no text in ${needed.join(', ')}`)
    const each = typeof said === 'string' ? { '': said } : said
    for (const [language, template] of Object.entries(each)) {
      if (template === undefined) continue
      for (const problem of templateProblems(template, [...always, ...more]))
        report(language ? [...path, language] : path, problem)
    }
  }
  const department = ['department.name', 'department.position', 'department.opensAt']

  for (const [name, said] of Object.entries(book.texts)) {
    const more = name.startsWith('handover')
      ? department
      : name.startsWith('invalid')
        ? ['limit']
        : name === 'form-done'
          ? ['receipt', 'slots.*']
          : name === 'form-use'
            ? ['known']
            : []
    text(['texts', name], said, true, more)
  }
  for (const [id, command] of Object.entries(book.commands))
    for (const [at, { say }] of closedTexts(id, command)) text([...at, 'say'], say, true, department)
  for (const [id, menu] of Object.entries(book.menus)) {
    text(['menus', id, 'say'], menu.say, true)
    for (const [index, option] of menu.options.entries())
      text(['menus', id, 'options', index, 'label'], option.label, true)
  }
  for (const [index, rung] of book.fallback.entries()) text(['fallback', index, 'say'], rung.say, true)
  const handover = (path: Path, texts: { open?: Text | undefined; closed?: Text | undefined }) => {
    text([...path, 'open'], texts.open, true, department)
    text([...path, 'closed'], texts.closed, true, department)
  }
  handover(['handover'], book.handover)
  for (const [id, texts] of Object.entries(book.handover.departments)) handover(['handover', 'departments', id], texts)
  if (book.survey) {
    for (const key of ['ask', 'comment', 'thanks'] as const) text(['survey', key], book.survey[key], true)
    for (const [id, texts] of Object.entries(book.survey.departments)) {
      for (const key of ['ask', 'comment', 'thanks'] as const)
        text(['survey', 'departments', id, key], texts[key], true)
    }
  }
  for (const [id, name] of Object.entries(book.topics)) text(['topics', id], name, false)
  for (const [id, link] of Object.entries(book.links)) text(['links', id, 'label'], link.label, false)

  for (const [id, answer] of Object.entries(book.answers)) {
    text(['answers', id, 'question'], answer.question, false)
    if (Array.isArray(answer.say)) {
      for (const [index, variant] of answer.say.entries())
        text(['answers', id, 'say', index, 'say'], variant.say, false)
    } else text(['answers', id, 'say'], answer.say, false)
  }
  checkForms(book, text)
  checkOffers(book, report)
}

function checkForms(
  book: Rulebook,
  text: (path: Path, said: Text | undefined, inFull: boolean, more?: string[]) => void,
): void {
  for (const [id, form] of Object.entries(book.forms)) {
    const path: Path = ['forms', id]
    const slots: string[] = []
    for (const key of ['title', 'question', 'intro'] as const) text([...path, key], form[key], false)
    for (const [index, step] of form.steps.entries()) {
      for (const key of ['ask', 'label', 'invalid'] as const)
        text([...path, 'steps', index, key], step[key], false, slots)
      if (step.type === 'choice') {
        for (const [at, choice] of step.choices.entries())
          text([...path, 'steps', index, 'choices', at, 'label'], choice.label, false)
      }
      slots.push(`slots.${step.id}`)
    }
    text([...path, 'confirm'], form.confirm, false, slots)
    text([...path, 'done'], form.done, false, [...slots, 'receipt'])
    text([...path, 'look', 'say'], form.look?.say, false, [...slots, 'result.*'])
    text([...path, 'look', 'failed'], form.look?.failed, false, slots)
  }
}

/** A choice needs a label: what leads nowhere nameable cannot be offered. */
function checkOffers(book: Rulebook, report: (path: Path, message: string) => void): void {
  for (const [id, answer] of Object.entries(book.answers)) {
    for (const [index, ref] of answer.offer.entries()) {
      const { kind, id: name } = splitRef(ref)
      const nameable =
        kind !== 'command' || (builtInCommands.includes(name) && ['operator', 'menu', 'video'].includes(name))
      if (!nameable) report(['answers', id, 'offer', index], `"${ref}" has no name to offer it by`)
    }
  }
}
