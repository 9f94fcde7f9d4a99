/** What is asked at an address that somebody left on the town's page, in the mail and on the page that its link opens. */

import type { Config } from '../config.ts'
import type { Content, Language } from '../core/model.ts'

export interface Words {
  subject: string
  mail(town: string, url: string): string
  /** In the chat. */
  asked(address: string): string
  known(address: string): string
  title: string
  /** `address` and `when` as they are shown. */
  question(address: string, when: string): string
  then: string
  yes: string
  no: string
  proven: string
  refused: string
  gone: string
}

export const wordsOf: Record<Language, Words> = {
  pt: {
    subject: 'Confirme o seu endereço de e-mail',
    mail: (town, url) => `Alguém indicou este endereço na conversa da nossa página (${town}), para receber aqui a resposta.\n\nSe foi você, confirme nesta página, nos próximos 7 dias:\n${url}\n\nSe não foi, não precisa de fazer nada: não escrevemos mais para aqui por causa dessa conversa.`,
    asked: (address) => `Enviámos uma mensagem para ${address}. Abra-a e confirme que o endereço é seu: depois, a resposta chega-lhe lá. Veja também no correio não solicitado.`,
    known: (address) => `A resposta chega-lhe a ${address}.`,
    title: 'Confirmar o endereço de e-mail',
    question: (address, when) => `Alguém indicou o endereço ${address} na conversa da nossa página, em ${when}, para receber lá a resposta. Foi você?`,
    then: 'Confirme só se foi você: a conversa continua nesse endereço.',
    yes: 'Sim, fui eu',
    no: 'Não fui eu',
    proven: 'Obrigado. A resposta chega ao seu e-mail, e pode responder-lhe de lá.',
    refused: 'Obrigado por nos dizer. Não escrevemos mais para este endereço por causa dessa conversa.',
    gone: 'Esta ligação já foi usada ou passou do prazo. Se precisar de nós, escreva de novo na nossa página.',
  },
  en: {
    subject: 'Confirm your e-mail address',
    mail: (town, url) => `Somebody left this address in the chat on our page (${town}), to be answered here.\n\nIf it was you, confirm it on this page within 7 days:\n${url}\n\nIf it was not, you need not do anything: we will not write here again because of that conversation.`,
    asked: (address) => `We have sent a message to ${address}. Open it and confirm that the address is yours: the answer will then come there. Look among the unwanted mail too.`,
    known: (address) => `The answer will come to ${address}.`,
    title: 'Confirm the e-mail address',
    question: (address, when) => `Somebody left the address ${address} in the chat on our page, on ${when}, to be answered there. Was it you?`,
    then: 'Confirm only if it was you: the conversation goes on at that address.',
    yes: 'Yes, it was me',
    no: 'It was not me',
    proven: 'Thank you. The answer will come to your e-mail, and you can reply from there.',
    refused: 'Thank you for telling us. We will not write to this address again because of that conversation.',
    gone: 'This link has been used or is too old. If you need us, write again on our page.',
  },
  es: {
    subject: 'Confirme su dirección de correo',
    mail: (town, url) => `Alguien dejó esta dirección en el chat de nuestra página (${town}), para recibir aquí la respuesta.\n\nSi fue usted, confírmela en esta página en los próximos 7 días:\n${url}\n\nSi no lo fue, no tiene que hacer nada: no volveremos a escribir aquí por esa conversación.`,
    asked: (address) => `Hemos enviado un mensaje a ${address}. Ábralo y confirme que la dirección es suya: después, la respuesta le llegará allí. Mire también en el correo no deseado.`,
    known: (address) => `La respuesta le llegará a ${address}.`,
    title: 'Confirmar la dirección de correo',
    question: (address, when) => `Alguien dejó la dirección ${address} en el chat de nuestra página, el ${when}, para recibir allí la respuesta. ¿Fue usted?`,
    then: 'Confirme solo si fue usted: la conversación sigue en esa dirección.',
    yes: 'Sí, fui yo',
    no: 'No fui yo',
    proven: 'Gracias. La respuesta llegará a su correo, y podrá contestar desde allí.',
    refused: 'Gracias por decírnoslo. No volveremos a escribir a esta dirección por esa conversación.',
    gone: 'Este enlace ya se ha usado o ha caducado. Si nos necesita, escriba de nuevo en nuestra página.',
  },
  fr: {
    subject: 'Confirmez votre adresse e-mail',
    mail: (town, url) => `Quelqu’un a laissé cette adresse dans la discussion de notre page (${town}), pour y recevoir la réponse.\n\nSi c’est vous, confirmez-la sur cette page dans les 7 jours :\n${url}\n\nSinon, vous n’avez rien à faire : nous n’écrirons plus ici à cause de cette conversation.`,
    asked: (address) => `Nous avons envoyé un message à ${address}. Ouvrez-le et confirmez que l’adresse est la vôtre : la réponse y arrivera ensuite. Regardez aussi dans les indésirables.`,
    known: (address) => `La réponse arrivera à ${address}.`,
    title: 'Confirmer l’adresse e-mail',
    question: (address, when) => `Quelqu’un a laissé l’adresse ${address} dans la discussion de notre page, le ${when}, pour y recevoir la réponse. Était-ce vous ?`,
    then: 'Confirmez seulement si c’est vous : la conversation continue à cette adresse.',
    yes: 'Oui, c’est moi',
    no: 'Ce n’est pas moi',
    proven: 'Merci. La réponse arrivera dans votre boîte, et vous pourrez y répondre.',
    refused: 'Merci de nous l’avoir dit. Nous n’écrirons plus à cette adresse à cause de cette conversation.',
    gone: 'Ce lien a déjà servi ou a expiré. Si vous avez besoin de nous, écrivez de nouveau sur notre page.',
  },
}

/** The mail itself. */
export function proofWanted({ municipality, server }: Pick<Config, 'municipality' | 'server'>, language: Language, claim: string): Content {
  const { subject, mail } = wordsOf[language]
  return { subject, text: mail(municipality.name, `${server.publicUrl}/address/${claim}`) }
}
