import { describe, expect, test } from 'vitest'
import { formsFor, readGiven } from '../../src/bot/form-given.ts'
import { createResponder } from '../../src/bot/respond.ts'
import type { Content } from '../../src/core/model.ts'
import { bookOf, contextAt, conversation, done, said, smallTown } from './town.ts'

const book = bookOf(smallTown)
const context = contextAt(new Date('2026-11-23T10:00:00Z'), { citizen: { name: 'Rosa', attributes: { nif: '123456789' }, isNew: false } })
const read = (given: Record<string, Content>) => readGiven(book, 'pedido', given, context, 'pt')
const idsOf = (given: Record<string, Content>) => read(given)?.map(({ id }) => id)
const words = (text: string): Content => ({ text })
const chosen = (id: string): Content => ({ text: '', chosen: id })

describe('a form given as a whole', () => {
  test('is offered when there is something to hand in', () => {
    expect(formsFor(book, context, 'pt')).toEqual([{ id: 'pedido', title: 'Fazer um pedido', topic: null, department: 'desporto' }])
    expect(readGiven(book, 'estado', {}, context, 'pt')).toBeUndefined()
    expect(readGiven(book, 'toString', {}, context, 'pt')).toBeUndefined()
  })

  test('shows the steps that follow from an answer, and forgets an answer whose step has gone', () => {
    expect(idsOf({})).toEqual(['tipo', 'nif'])
    expect(idsOf({ tipo: chosen('volta') })).toEqual(['tipo', 'hora', 'nif'])
    const turn = conversation(createResponder(book)).take({ type: 'form', form: 'pedido', given: { tipo: chosen('ida'), hora: words('às 18h'), nif: words('123456789') } })
    expect(done(turn, 'submit')?.answers).toEqual({ tipo: 'ida', nif: '123456789' })
  })

  test('is read by the validators of the bot, and says what will not do', () => {
    const steps = read({ tipo: words('de foguetão'), nif: words('123 456 780') })!
    expect(steps.map(({ problem }) => problem !== null)).toEqual([true, true])
    expect(read({ nif: words('123 456 789') })!.at(-1)).toMatchObject({ shown: '123456789', problem: null, known: '123456789' })
  })

  test('is handed in like the bot’s own, with the next number', () => {
    const talk = conversation(createResponder(book))
    talk.write('quero fazer um pedido de transporte')
    talk.press('Ida')
    talk.write('123456789')
    talk.press('Enviar')
    const turn = talk.take({ type: 'form', form: 'pedido', given: { tipo: chosen('ida'), nif: words('123456789') } })
    expect(done(turn, 'submit')).toMatchObject({ form: 'pedido', title: 'Fazer um pedido', receipt: 'TRA-2026-000123-2' })
    expect(done(turn, 'register')).toEqual({ do: 'register', attributes: { nif: '123456789' } })
    expect(said(turn)).toBe('Feito: TRA-2026-000123-2.')
  })

  test('does nothing where an answer is missing or will not do', () => {
    const responder = createResponder(book)
    for (const given of [{}, { tipo: chosen('ida') }, { tipo: chosen('ida'), nif: words('1') }, { tipo: chosen('volta'), nif: words('123456789') }]) {
      expect(conversation(responder).take({ type: 'form', form: 'pedido', given })).toEqual([])
    }
    expect(conversation(responder).take({ type: 'form', form: 'outro', given: {} })).toEqual([])
  })

  test('has a number of its own after the talk was forgotten', () => {
    const talk = conversation(createResponder(book))
    talk.setState({ receipts: 2 })
    const turn = talk.take({ type: 'form', form: 'pedido', given: { tipo: chosen('ida'), nif: words('123456789') } })
    expect(done(turn, 'submit')?.receipt).toBe('TRA-2026-000123-3')
  })
})
