import { describe, expect, test } from 'vitest'
import { buildManners, findManner } from '../../../src/bot/understand/manners.ts'

const manners = buildManners()
const manner = (text: string) => findManner(text, manners)?.name

describe('what a message does', () => {
  test.each([
    ['quero falar c 1 pessoa pf', 'handover'],
    ['pode passar a alguém?', 'handover'],
    ['operadro', 'handover'],
    ['speak to a human', 'handover'],
    ['quiero hablar con una persona', 'handover'],
    ["je veux parler à quelqu'un", 'handover'],
    ['podemos fazer uma videochamada?', 'video'],
    ['vídeo', 'video'],
    ['és um robô?', 'robot'],
    ['não quero falar com um robô', 'handover'],
    ['vai à merda', 'insult'],
    ['sim, obrigado', 'yes'],
    ['não obrigado', 'no'],
    ['muito obrigada pela ajuda', 'thanks'],
    ['ajuda', 'menu'],
    ['voltar ao menu', 'menu'],
    ['cancelar', 'cancel'],
    ['não me enviem mais sms', 'optout'],
    ['STOP', 'optout'],
    ['eliminem todos os meus dados pessoais', 'gdpr-erase'],
    ['que dados têm sobre mim?', 'gdpr-access'],
    ['tchau', 'bye'],
    ['olá boa noite', 'greet'],
  ])('%s → %s', (text, expected) => expect(manner(text)).toBe(expected))

  test.each([
    'quero falar com o presidente da câmara',
    'boa tarde queria pagar a água',
    'o funcionário da recolha do lixo não passou',
    'quero cancelar o contrato de água',
    'como cancelo a marcação?',
    'preciso de ajuda para pagar a renda',
    'isto é uma porcaria de estrada cheia de buracos',
    'obrigado mas quero saber do lixo',
    'orario da camara municipl',
    'não tenho água',
    'nao sei',
  ])('«%s» is a question and no command', (text) => expect(manner(text)).toBeUndefined())

  test('a rulebook may add phrases and commands of its own', () => {
    const own = buildManners([{ name: 'piquete', phrases: ['piquete de águas'] }, { name: 'handover', phrases: ['dona Rosa'] }])
    expect(findManner('o piquete das águas, por favor', own)?.name).toBe('piquete')
    expect(findManner('dona rosa', own)?.name).toBe('handover')
  })
})
