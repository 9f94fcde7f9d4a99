/** The words of video calls beyond those of the inbox. */

export const callWords = {
  pt: {
    incoming: 'Videochamada a chamar', also: 'Um colega pede-lhe que entre numa videochamada', waitingFor: (minutes: number) => (minutes < 1 ? 'à espera há menos de 1 minuto' : `à espera há ${minutes} min`),
    next: 'Passar ao seguinte', inCall: 'Em videochamada', citizenHere: 'O munícipe está na chamada.', citizenWaits: 'O munícipe está na sala de espera.', citizenAway: 'O munícipe ainda não abriu a ligação.',
    brings: { sound: 'Sem câmara: ouve-se, mas não se vê.', picture: 'Sem microfone: vê-se, e responde por escrito.', nothing: 'Sem câmara nem microfone: responde por escrito.' },
    end: 'Terminar para todos', leave: 'Sair', audioOnly: 'Só som', withPicture: 'Com imagem', back: 'Voltar a entrar', left: 'Saiu da chamada. Ela continua aberta.', open: 'Ver a conversa',
    newLink: 'Enviar nova ligação', newLinkSaid: 'Nova ligação enviada; a anterior deixou de servir.', invite: 'Chamar colega ou serviço', choose: 'Escolha quem chamar', invited: 'Está a chamar.',
    guest: 'Convidar intérprete', guestName: 'Nome de quem convida (o munícipe vê-o)', guestMake: 'Criar ligação', guestLink: 'Ligação só para esta pessoa', copy: 'Copiar', copied: 'Copiada.',
    noJitsi: 'Não foi possível abrir a imagem do Jitsi. Pode continuar por escrito.', weak: 'A imagem ou o som estão a falhar. Experimente «Só som».', retry: 'Tentar de novo',
    declineWith: 'O que dizemos ao munícipe', declineDefault: 'Agora não podemos atender por vídeo. Respondemos por aqui.', cancel: 'Cancelar', picture: 'Imagem da videochamada', larger: 'Aumentar', smaller: 'Diminuir', more: 'Mais opções',
    inRoom: 'Na sala', guestRole: 'convidado', result: 'Resultado e nota', outcome: 'Resultado', note: 'Nota interna', outcomes: ['Resolvido', 'Fica para continuar por escrito', 'Precisa de vir ao balcão', 'Não foi possível ver ou ouvir'],
  },
  en: {
    incoming: 'Incoming video call', also: 'A colleague asks you to join a video call', waitingFor: (minutes: number) => (minutes < 1 ? 'waiting for less than a minute' : `waiting for ${minutes} min`),
    next: 'Pass to the next', inCall: 'In a video call', citizenHere: 'The citizen is in the call.', citizenWaits: 'The citizen is in the waiting room.', citizenAway: 'The citizen has not opened the link yet.',
    brings: { sound: 'No camera: heard, but not seen.', picture: 'No microphone: seen, and answers in writing.', nothing: 'Neither camera nor microphone: answers in writing.' },
    end: 'End for everybody', leave: 'Leave', audioOnly: 'Sound only', withPicture: 'With picture', back: 'Join again', left: 'You left the call. It is still open.', open: 'See the conversation',
    newLink: 'Send a new link', newLinkSaid: 'A new link was sent; the old one no longer works.', invite: 'Ask a colleague or department in', choose: 'Choose whom to ask', invited: 'Ringing.',
    guest: 'Invite an interpreter', guestName: 'Name of the person (the citizen sees it)', guestMake: 'Make a link', guestLink: 'Link for this person alone', copy: 'Copy', copied: 'Copied.',
    noJitsi: 'The picture of Jitsi could not be opened. You can go on in writing.', weak: 'Picture or sound are breaking up. Try “Sound only”.', retry: 'Try again',
    declineWith: 'What we tell the citizen', declineDefault: 'We cannot take a video call now. We will answer here.', cancel: 'Cancel', picture: 'Picture of the video call', larger: 'Larger', smaller: 'Smaller', more: 'More options',
    inRoom: 'In the room', guestRole: 'guest', result: 'Outcome and note', outcome: 'Outcome', note: 'Internal note', outcomes: ['Settled', 'To be continued in writing', 'Has to come to the counter', 'No sound or picture'],
  },
}
