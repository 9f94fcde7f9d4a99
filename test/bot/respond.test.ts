import { describe, expect, test } from 'vitest'
import { createResponder } from '../../src/bot/respond.ts'
import { bookOf, choicesIn, conversation, department, done, fieldsIn, said, smallTown } from './town.ts'

const responder = createResponder(bookOf(smallTown))
const changed = (from: string, to: string) => {
  if (!smallTown.includes(from)) throw new Error(`the rulebook has no ${from}`)
  return createResponder(bookOf(smallTown.replace(from, to)))
}

describe('an answer', () => {
  test('is said with its links, its topic and its question whether it helped', () => {
    const turn = conversation(responder).write('qual é o horário da piscina?')
    expect(said(turn)).toBe('Das 9h às 19h. Ligue 253 111 222.\n\nIsto ajudou?')
    expect(done(turn, 'answered')).toEqual({ do: 'answered', answer: 'piscina' })
    expect(done(turn, 'set-topic')).toEqual({ do: 'set-topic', topic: 'desporto' })
  })

  test('takes the variant of its own department’s hours', () => {
    const closed = { departments: [department('geral'), department('desporto', { open: false })] }
    expect(said(conversation(responder, closed).write('qual é o horário da piscina?'))).toContain('Agora está fechada.')
  })

  test('that is not translated is said in the first language, with a word of apology', () => {
    const talk = conversation(responder, { language: 'en' })
    talk.write('hello')
    const turn = talk.send({ text: '', chosen: 'answer.biblioteca' })
    expect(said(turn)).toBe('We have this information in Portuguese only:\n\nNo largo da igreja.')
  })

  test('is found by a button of long ago', () => {
    const talk = conversation(responder)
    talk.write('xpto zzz')
    talk.write('outra coisa qualquer brrr')
    expect(said(talk.send({ text: 'Piscina', chosen: 'answer.piscina' }))).toContain('Das 9h')
  })
})

describe('a person', () => {
  test('is told the department of the last answer, and the citizen the place in the queue', () => {
    const talk = conversation(responder, { departments: [department('geral'), department('desporto', { waiting: 4 })] })
    talk.write('qual é o horário da piscina?')
    const turn = talk.write('quero falar com uma pessoa')
    expect(done(turn, 'hand-off')).toEqual({
      do: 'hand-off',
      departmentId: 'desporto',
      reason: 'asked',
      topic: 'desporto',
    })
    expect(said(turn)).toContain('n.º 5 da fila')
  })

  test('who is not there yet: the citizen reads when, in the town’s time', () => {
    const opensAt = new Date('2026-11-30T09:00:00Z')
    const turn = conversation(responder, { departments: [department('geral', { open: false, opensAt })] }).write(
      'operador',
    )
    expect(said(turn)).toContain('segunda-feira, 30 de novembro às 09:00')
    expect(said(turn)).toContain('BAL-2026-000123')
  })

  test('of the department whose conversation it is comes before the general counter', () => {
    const turn = conversation(responder, { department: 'desporto' }).write('operador')
    expect(done(turn, 'hand-off')).toMatchObject({ departmentId: 'desporto' })
  })

  test('is reached even when the config has no department at all', () => {
    const turn = conversation(responder, { departments: [] }).write('operador')
    expect(done(turn, 'hand-off')).toEqual({ do: 'hand-off', reason: 'asked' })
    expect(said(turn)).toContain('no próximo dia útil')
  })

  test('takes over at once when the bot itself fails', () => {
    const book = bookOf(smallTown)
    Object.defineProperty(book.answers.piscina, 'then', {
      get: () => {
        throw new Error('broken')
      },
    })
    const talk = conversation(createResponder({ ...book }))
    const turn = talk.write('qual é o horário da piscina?')
    expect(done(turn, 'hand-off')?.reason).toBe('bot-failed')
    expect(said(turn)).toContain('correu mal do nosso lado')
    expect(done(talk.write('olá'), 'say')?.content.text).toContain('Vila Pequena')
  })
})

describe('a video call', () => {
  const there = (...takes: string[]) => ['geral', 'desporto', 'aguas'].map((id) => department(id, { takesCalls: takes.includes(id) }))

  test('is taken by the department of the last answer, when its own people are there', () => {
    const talk = conversation(responder, { departments: there('desporto') })
    talk.write('qual é o horário da piscina?')
    expect(done(talk.write('videochamada'), 'call')).toEqual({ do: 'call', departmentId: 'desporto' })
  })

  test('is offered to whom an answer did not help, where it can be taken', () => {
    const offered = (...takes: string[]) => {
      const talk = conversation(responder, { departments: there(...takes) })
      talk.write('qual é o horário da piscina?')
      return choicesIn(talk.press('Não')).map(({ label }) => label)
    }
    expect(offered('desporto')).toContain('Falar por vídeo')
    expect(offered('geral')).not.toContain('Falar por vídeo')
  })

  test('is not promised because colleagues of another department are there', () => {
    const talk = conversation(responder, { departments: there('geral', 'aguas') })
    talk.write('qual é o horário da piscina?')
    const turn = talk.write('videochamada')
    expect(done(turn, 'call')).toBeUndefined()
    expect(said(turn)).toBe('Agora não há ninguém disponível para videochamada.')
  })

  test('goes to whose conversation it is, before anything was asked; and to the general counter when it is nobody’s', () => {
    const asked = (owner: string | null, ...takes: string[]) =>
      done(conversation(responder, { department: owner, departments: there(...takes) }).write('videochamada'), 'call')
    expect(asked('aguas', 'aguas')).toEqual({ do: 'call', departmentId: 'aguas' })
    expect(asked('aguas', 'geral', 'desporto')).toBeUndefined()
    expect(asked(null, 'geral')).toEqual({ do: 'call', departmentId: 'geral' })
    expect(asked(null, 'aguas', 'desporto')).toBeUndefined()
  })

  test('that nobody can take now is offered as a time of that department', () => {
    const own = createResponder(
      bookOf(`${smallTown}
links:
  agenda: { label: Marcar, url: https://www.example.pt/agenda }
  piscina: { label: Marcar na piscina, url: https://www.example.pt/piscina }
commands:
  video:
    closed:
      say: { pt: 'Ninguém em {{ department.name }}.', en: 'Nobody.' }
      links: [agenda]
      offer: [form.pedido]
      departments: { desporto: { links: [piscina] } }
`),
    )
    const talk = conversation(own, { departments: there() })
    expect(said(talk.write('videochamada'))).toBe('Ninguém em geral.\n\nMarcar: https://www.example.pt/agenda')
    talk.write('qual é o horário da piscina?')
    const turn = talk.write('quero uma videochamada')
    expect(said(turn)).toBe('Ninguém em desporto.\n\nMarcar na piscina: https://www.example.pt/piscina')
    expect(choicesIn(turn).map(({ id }) => id)).toEqual(['form.pedido', 'command.operator'])
  })
})

describe('what is not understood', () => {
  test('goes down the ladder to a person, and what was said is kept for the town', () => {
    const talk = conversation(responder)
    const first = talk.write('xpto zzz')
    expect(done(first, 'miss')).toEqual({ do: 'miss', text: 'xpto zzz', suggested: [] })
    expect(choicesIn(first).map(({ label }) => label)).toContain('Falar com uma pessoa')
    talk.write('brrr uuu')
    expect(done(talk.write('zzz xpto'), 'hand-off')?.reason).toBe('not-understood')
  })

  test('in the same breath is not answered by the same words three times', () => {
    const talk = conversation(responder)
    const replies = ['xpto zzz', 'brrr uuu', 'kkj hhh'].map((text) => said(talk.write(text, 2)))
    expect(replies.filter((text) => text.startsWith('Não percebi')).length).toBeLessThan(3)
    expect(replies.filter((text) => text === '')).toEqual([])
  })

  test('forgets its misses when something is understood', () => {
    const talk = conversation(responder)
    talk.write('xpto zzz')
    talk.write('brrr uuu')
    talk.write('qual é o horário da piscina?')
    expect(done(talk.write('zzz xpto'), 'hand-off')).toBeUndefined()
  })

  test('the same reply four times is a loop, and a second loop ends with a person', () => {
    const talk = conversation(responder)
    const replies = Array.from({ length: 12 }, () => talk.write('thanks obrigado'))
    const texts = replies.map(said)
    expect(texts.slice(0, 4)).toEqual([
      texts[0],
      texts[0],
      texts[0],
      'Parece que não estamos a avançar. Quer falar com uma pessoa?',
    ])
    expect(replies.some((turn) => done(turn, 'hand-off'))).toBe(true)
  })
})

describe('a form', () => {
  test('asks what applies, shows it all, and sends it with a receipt', () => {
    const talk = conversation(responder)
    expect(choicesIn(talk.write('quero fazer um pedido de transporte')).map(({ label }) => label)).toEqual([
      'Ida',
      'Ida e volta',
    ])
    talk.write('2')
    talk.write('às 18h')
    expect(said(talk.write('o nif é 123 456 789'))).toBe(
      'Tipo: Ida e volta\nRegresso: às 18h\nNIF: 123456789\n\nConfirma o pedido?',
    )
    const turn = talk.press('Enviar')
    expect(done(turn, 'submit')).toEqual({
      do: 'submit',
      form: 'pedido',
      title: 'Fazer um pedido',
      receipt: 'TRA-2026-000123',
      answers: { tipo: 'volta', hora: 'às 18h', nif: '123456789' },
    })
    expect(done(turn, 'register')).toEqual({ do: 'register', attributes: { nif: '123456789' } })
    expect(done(turn, 'note')?.text).toBe(
      'Fazer um pedido · TRA-2026-000123\n- Tipo: Ida e volta\n- Regresso: às 18h\n- NIF: 123456789',
    )
    expect(said(turn)).toBe('Feito: TRA-2026-000123.')
  })

  test('gives every request of a conversation a number of its own', () => {
    const talk = conversation(responder)
    const receipts = [1, 2].map(() => {
      talk.write('quero fazer um pedido de transporte')
      talk.write('ida')
      talk.write('123456789')
      return done(talk.write('sim'), 'submit')?.receipt
    })
    expect(receipts).toEqual(['TRA-2026-000123', 'TRA-2026-000123-2'])
  })

  test('corrected, no longer holds the answer to a question that has gone', () => {
    const talk = conversation(responder)
    talk.write('quero fazer um pedido de transporte')
    talk.write('ida e volta')
    talk.write('às 18h')
    talk.write('123456789')
    talk.press('Corrigir')
    talk.press('Tipo')
    expect(said(talk.press('Ida'))).toBe('Tipo: Ida\nNIF: 123456789\n\nConfirma o pedido?')
    expect(done(talk.press('Enviar'), 'submit')?.answers).toEqual({ tipo: 'ida', nif: '123456789' })
  })

  test('answers a question on the way, and asks again', () => {
    const talk = conversation(responder)
    talk.write('quero fazer um pedido de transporte')
    const turn = talk.write('qual é o horário da piscina?')
    expect(said(turn)).toBe('Das 9h às 19h. Ligue 253 111 222.\nVoltando ao pedido:\n\nQue tipo?')
    expect(said(talk.write('ida'))).toBe('NIF?')
  })

  test('does not take a button of another step for an answer', () => {
    const talk = conversation(responder)
    const stale = choicesIn(talk.write('quero fazer um pedido de transporte'))[0]!
    talk.write('ida')
    expect(said(talk.send({ text: stale.label, chosen: stale.id }))).toBe(
      'Essa resposta era de outra pergunta e não mudou nada. Continuamos aqui:\n\nNIF?',
    )
  })

  test('does not let a button of a text’s own words answer it', () => {
    const talk = conversation(responder)
    const [, both] = choicesIn(talk.write('quero fazer um pedido de transporte'))
    talk.send({ text: both!.label, chosen: both!.id })
    talk.send({ text: both!.label, chosen: both!.id })
    talk.write('às 18h')
    expect(said(talk.write('123456789'))).toContain('Regresso: às 18h')
  })

  test('says which field a step wants, and takes what was written into that field alone', () => {
    const talk = conversation(responder)
    talk.write('quero fazer um pedido de transporte')
    const [hour] = fieldsIn(talk.write('ida e volta'))
    expect(hour).toMatchObject({ input: 'lines', label: 'Regresso', maxLength: 2000, send: 'Enviar' })
    expect(hour!.leave.map(({ label }) => label)).toEqual(['Voltar', 'Cancelar'])
    const [nif] = fieldsIn(talk.send({ text: 'às 18h', answers: hour!.id }))
    expect(said(talk.send({ text: 'às 19h', answers: hour!.id }))).toContain('NIF?')
    expect(said(talk.send({ text: '123456789', answers: nif!.id }))).toContain('Regresso: às 18h')
    talk.press('Enviar')
    expect(said(talk.send({ text: '123456789', answers: nif!.id }))).toContain('já terminou')
  })

  test('sent twice by the same button is sent once', () => {
    const talk = conversation(responder)
    talk.write('quero fazer um pedido de transporte')
    talk.write('ida')
    talk.write('123456789')
    expect(done(talk.press('Enviar'), 'submit')).toBeDefined()
    const again = talk.send({ text: 'Enviar', chosen: 'confirm:send' })
    expect(done(again, 'submit')).toBeUndefined()
    expect(said(again)).toContain('já terminou')
  })

  test('is left by the buttons of its own step alone', () => {
    const talk = conversation(responder)
    talk.write('quero fazer um pedido de transporte')
    const [hour] = fieldsIn(talk.write('ida e volta'))
    const [back, cancel] = hour!.leave
    expect(said(talk.send({ text: 'Voltar', chosen: back!.id }))).toBe('Que tipo?')
    expect(said(talk.send({ text: 'Cancelar', chosen: cancel!.id }))).toContain('não mudou nada')
    talk.write('ida e volta')
    expect(said(talk.send({ text: 'Cancelar', chosen: cancel!.id }))).toContain('nada foi enviado')
  })

  test('asks a connection, waits for what it says, and says it', () => {
    const talk = conversation(responder)
    talk.write('quero consultar o meu processo de transporte')
    talk.write('42')
    const asked = done(talk.press('Enviar'), 'request')
    expect(asked).toMatchObject({ connection: 'processos', path: '/estado', body: { numero: '42' } })
    expect(said(talk.write('então?'))).toBe('Um momento, estou a consultar.')
    expect(talk.take({ type: 'result', id: 'another', ok: true, status: 200, body: {} })).toEqual([])
    const turn = talk.take({
      type: 'result',
      id: asked!.id,
      ok: true,
      status: 200,
      body: { estado: 'em análise {{ town.phone }}' },
    })
    expect(said(turn)).toBe('Está em análise {{ town.phone }}.')
  })

  test('does not wait for ever for a connection that says nothing', () => {
    const talk = conversation(responder)
    talk.write('quero consultar o meu processo de transporte')
    talk.write('42')
    talk.press('Enviar')
    expect(said(talk.write('então?', 300))).toBe(
      'Não consegui consultar agora. Tente mais tarde, ou fale com uma pessoa.',
    )
    expect(said(talk.write('qual é o horário da piscina?'))).toContain('Das 9h')
  })

  test('says so when a connection fails', () => {
    const talk = conversation(responder)
    talk.write('quero consultar o meu processo de transporte')
    talk.write('42')
    const { id } = done(talk.press('Enviar'), 'request')!
    expect(said(talk.take({ type: 'result', id, ok: false, status: 500, body: null }))).toBe('Não consegui saber.')
  })
})

describe('when the rulebook changes under a conversation', () => {
  const inTheMiddle = () => {
    const talk = conversation(responder)
    talk.write('quero fazer um pedido de transporte')
    talk.write('ida')
    return talk
  }

  test('a form goes on where it was', () => {
    const talk = inTheMiddle()
    talk.reload(changed('Que tipo?', 'Qual é o tipo?'))
    expect(said(talk.write('123456789'))).toContain('Confirma o pedido?')
  })

  test('a step that is new is asked first, and the citizen is told', () => {
    const talk = inTheMiddle()
    talk.reload(
      changed(
        '- { id: nif, type: nif,',
        '- { id: nome, type: text, label: { pt: Nome }, ask: { pt: Nome? } }\n      - { id: nif, type: nif,',
      ),
    )
    expect(said(talk.write('123456789'))).toBe('O formulário foi atualizado entretanto. Continuamos aqui:\n\nNome?')
  })

  test('a choice that has gone is asked again', () => {
    const talk = inTheMiddle()
    talk.reload(changed('{ value: ida, label: { pt: Ida } }', '{ value: simples, label: { pt: Simples } }'))
    expect(said(talk.write('123456789'))).toContain('Que tipo?')
  })

  test('a form that has gone is said to have gone, and the bot goes on', () => {
    const talk = inTheMiddle()
    talk.reload(
      createResponder(bookOf(smallTown.replace('  pedido:\n', '  viagem:\n').replace('form.pedido', 'form.viagem'))),
    )
    expect(said(talk.write('123456789'))).toContain('foi retirado. Nada foi enviado.')
    expect(said(talk.write('qual é o horário da piscina?'))).toContain('Das 9h')
  })

  test('a state that nobody can read is forgotten', () => {
    const talk = conversation(responder)
    for (const state of [{ form: 1 }, { v: 9, offered: 'x' }, { form: { id: 'pedido' } }]) {
      talk.setState(state)
      expect(said(talk.write('qual é o horário da piscina?'))).toContain('Das 9h')
    }
  })
})

test('a conversation opened by a button of Telegram begins with a greeting', () => {
  const turn = conversation(responder).write('/start')
  expect(said(turn)).toContain('Sou o assistente automático do Vila Pequena')
  expect(choicesIn(turn).map(({ label }) => label)).toEqual(['Piscina', 'Pedido'])
})

describe('languages', () => {
  test('two clear signals change it, one does not', () => {
    const talk = conversation(responder)
    expect(done(talk.write('hello'), 'set-language')).toBeUndefined()
    expect(done(talk.write('when is the swimming pool open please'), 'set-language')).toEqual({
      do: 'set-language',
      language: 'en',
    })
  })

  test('what an operator sets is kept to', () => {
    const talk = conversation(responder, { language: 'en' })
    expect(said(talk.write('ok'))).toContain('All right')
  })

  test('the citizen’s choice by name is not changed by signals', () => {
    const talk = conversation(responder)
    expect(done(talk.write('English'), 'set-language')).toEqual({ do: 'set-language', language: 'en' })
    expect(done(talk.write('queria saber uma coisa, por favor, não percebo'), 'set-language')).toBeUndefined()
  })

  test('a question that only another language knows for certain is answered in that one, on a phone set up in English', () => {
    const talk = conversation(responder, { language: 'en' })
    const turn = talk.write('a piscina abre ao domingo?')
    expect(done(turn, 'set-language')).toEqual({ do: 'set-language', language: 'pt' })
    expect(said(turn)).toContain('Das 9h às 19h.')
  })

  test('but not by a word or two, nor against the citizen’s choice', () => {
    expect(done(conversation(responder, { language: 'en' }).write('horário piscina'), 'set-language')).toBeUndefined()
    const talk = conversation(responder)
    talk.write('English')
    const turn = talk.write('a piscina abre ao domingo?')
    expect(done(turn, 'set-language')).toBeUndefined()
    expect(done(turn, 'miss')).toBeDefined()
  })
})
