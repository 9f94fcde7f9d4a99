/** What the gateway itself says about a video call, on any channel. Pure. */

import type { Language } from './model.ts'

interface Words {
  link(url: string, until: string): string
  missed: string
  absent: string
  declined: string
  unavailable: string
}

export const callWords: Record<Language, Words> = {
  pt: {
    link: (url, until) => `Videochamada: abra esta ligação quando estiver pronto. É só para si e serve até às ${until}. Não precisa de instalar nada.\n${url}`,
    missed: 'Não conseguimos atender a sua videochamada. Pedimos desculpa. O seu pedido fica na fila e respondemos por aqui.',
    absent: 'Esperámos por si na videochamada, mas não apareceu. Se ainda quiser falar connosco, escreva «videochamada».',
    declined: 'Agora não podemos atender por vídeo. Respondemos por aqui.',
    unavailable: 'De momento não há videochamadas. Respondemos por aqui.',
  },
  en: {
    link: (url, until) => `Video call: open this link when you are ready. It is for you alone and works until ${until}. There is nothing to install.\n${url}`,
    missed: 'We could not take your video call, and we are sorry. Your request stays in the queue and we will answer here.',
    absent: 'We waited for you in the video call, but you did not come. If you still want to talk to us, write “video call”.',
    declined: 'We cannot take a video call now. We will answer here.',
    unavailable: 'There are no video calls at the moment. We will answer here.',
  },
  es: {
    link: (url, until) => `Videollamada: abra este enlace cuando esté listo. Es solo para usted y sirve hasta las ${until}. No hay que instalar nada.\n${url}`,
    missed: 'No hemos podido atender su videollamada. Lo sentimos. Su petición sigue en la cola y respondemos por aquí.',
    absent: 'Le hemos esperado en la videollamada, pero no ha venido. Si aún quiere hablar con nosotros, escriba «videollamada».',
    declined: 'Ahora no podemos atender por vídeo. Respondemos por aquí.',
    unavailable: 'De momento no hay videollamadas. Respondemos por aquí.',
  },
  fr: {
    link: (url, until) => `Appel vidéo : ouvrez ce lien quand vous serez prêt. Il est pour vous seul et vaut jusqu’à ${until}. Rien à installer.\n${url}`,
    missed: 'Nous n’avons pas pu prendre votre appel vidéo, et nous le regrettons. Votre demande reste en file et nous répondons ici.',
    absent: 'Nous vous avons attendu à l’appel vidéo, mais vous n’êtes pas venu. Si vous voulez encore nous parler, écrivez « appel vidéo ».',
    declined: 'Nous ne pouvons pas répondre en vidéo maintenant. Nous répondons ici.',
    unavailable: 'Il n’y a pas d’appels vidéo pour le moment. Nous répondons ici.',
  },
}
