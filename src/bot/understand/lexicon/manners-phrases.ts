/** How people greet, thank, agree, refuse, insult, and ask for a person, in four languages. `/` stands between words that do as well. */

import type { Labelled } from '../phrases.ts'

export type Manner =
  | 'greet' | 'thanks' | 'bye' | 'yes' | 'no' | 'insult' | 'robot' | 'handover' | 'video' | 'menu' | 'cancel' | 'back' | 'optout' | 'gdpr-erase' | 'gdpr-access'

const person = 'pessoa/humano/humana/alguém/operador/operadora/funcionário/funcionária/funcionario/atendente/assistente/colaborador/colaboradora/gente/técnico/técnica/colega/responsável/telefonista'

/** In the order in which they win when two are said. */
export const manners: readonly Labelled<Manner>[] = [
  {
    name: 'optout',
    whole: true,
    phrases: ['stop', 'parar', 'pare', 'parem', 'stopp', 'sair da lista', 'sair', 'unsubscribe', 'desinscrever', 'baja', 'detener', 'arrêter', 'arret', 'remover', 'cancelar subscrição/subscricao/mensagens/envio', 'cancelar as mensagens'],
  },
  {
    name: 'optout',
    phrases: [
      'não quero/queria/desejo/pretendo receber mais/mensagens/sms/avisos/nada/notificações', 'não quero mais/receber mensagens/sms/notificações/avisos', 'não me enviem/mandem/mande/envie/escrevam/contactem mais', 'parem/pare/deixem/deixe de/com/me enviar/mandar/mensagens/sms/contactar',
      'deixar/deixem de receber/enviar/mandar', 'não enviem/mandem/envie/mande mais', 'retirem/removam/tirem/retirar/remover/tirar o meu número/contacto/nome da/lista', 'anular/cancelar subscrição', 'parar/pára/para mensagens', 'tirem-me/retirem-me/removam-me da lista',
      'stop sending/messages', 'do not send/message', "don't send/message/text", 'no more messages', 'opt out', 'no quiero recibir más', 'no me envíen/manden más', 'ne plus recevoir', 'plus de messages', 'me désabonner', 'darme de baja',
    ],
  },
  {
    name: 'gdpr-erase',
    beside: 2,
    phrases: [
      'apagar/apaguem/apague/apaga/eliminar/eliminem/elimine/remover/removam/remova/excluir/excluam/exclua/deletar/delete/esquecer/esqueçam/destruir/limpar dados/informações/conta/registos/conversa/histórico/informação', 'direito ao esquecimento', 'direito ao apagamento', 'apagamento dos dados/meus',
      'delete/erase/remove my data', 'forget me', 'borrar/borren/eliminar/eliminen mis datos', 'supprimer/supprimez/effacer/effacez mes données',
    ],
  },
  {
    name: 'gdpr-access',
    beside: 2,
    phrases: [
      'meus dados pessoais', 'aceder/acesso/consultar/ver/cópia/copia/receber/quero/saber/exportar/pedir/quais meus dados', 'que/quais dados/informações têm/tem/guardam/possuem/guardaram/guarda/sabem sobre/de/mim/meus', 'que/quais dados/informações sobre mim', 'o que sabem/guardam/têm sobre mim', 'dados que têm/tem/guardam sobre/de mim', 'cópia dos meus dados', 'acesso aos meus dados', 'direito de acesso',
      'my personal data', 'copy/access of/to my data', 'what data do you have', 'mis datos personales', 'acceder a mis datos', 'mes données personnelles', 'accès à mes données',
    ],
  },
  {
    name: 'video',
    phrases: [
      'videochamada/videochamadas/videoconferência/videoconferencia/videocall/videoligação', 'vídeo/video chamada/conferência/call/ligação', 'chamada/ligação/atendimento/reunião/conversa/falar/conversar/atender/atendido/atendida/ligar/marcar de/por/em/uma vídeo/video', 'falar/conversar/atendimento por zoom/teams/meet/webcam', 'liguem-me/ligue-me por vídeo', 'cara a cara', 'língua gestual',
      'video call/chat/meeting', 'talk by/over video', 'videollamada/videoconferencia', 'llamada de vídeo', 'appel/visio vidéo', 'visioconférence/visio',
    ],
  },
  { name: 'video', whole: true, phrases: ['vídeo', 'video', 'zoom', 'teams'] },
  {
    name: 'handover',
    beside: 1,
    unless: ['marcar', 'marcação', 'marco', 'agendar', 'agendamento', 'hora', 'vez', 'senha', 'reunião', 'audiência', 'presidente', 'vereador', 'vereadora', 'prefeito', 'emprego', 'vaga', 'concurso'],
    phrases: [
      `falar/conversar/contactar/comunicar/tratar/dialogar com/a/para um/uma ${person}`, `quero/queria/preciso/prefiro/gostava/gostaria/desejo/exijo/chame/chamem/chama/chamar/arranje/dê-me/mande/arranjem/ponha/coloque/existe/há ${person}`,
      `passa/passe/passem/passar/passa-me/passe-me/passem-me/transfere/transfira/transferir/transfiram/liga-me/ligue-me/encaminhe/encaminhar/ligar a/para ${person}`, 'atendimento/atendente/assistente/operador/pessoa/apoio/contacto humano/humana/real/pessoal/verdadeira/verdadeiro/físico', 'atendido/atendida por pessoa/alguém/humano/funcionário/funcionária', 'não quero falar/conversar com robô/robot/bot/máquina/robo', 'não quero robô/robot/bot/máquina/robo/máquinas', 'não falo com robô/robot/robôs/máquinas/bots/robots', 'alguém de carne e osso', 'carne osso', 'alguém que me atenda/ajude/responda', 'há/tem/está/esta/existe alguém aí/ai/disponível/real/online/atender/responder/desse/desse-lado', 'ninguém me atende/responde', 'fala humana', 'pessoa a sério', 'ligar/ligação para um humano', 'pode/podem alguém ligar-me/contactar-me/atender-me', 'falar diretamente com', 'chat humano/ao-vivo', 'farto/farta de/do robô/robot/máquinas/bots/máquina/bot',
      'talk/speak/chat human/person/someone/operator/agent/somebody/representative', 'human/real/live agent/person/being/operator', 'want/need human/person/operator/agent', 'hablar con persona/alguien/humano/operador/agente/funcionario', 'quiero persona/operador/humano', 'agente/atención/persona humano/humana/real', 'parler à/avec/a personne/humain/quelqu/opérateur/conseiller/agent', 'un/vrai humain/conseiller', 'conseiller humain',
    ],
  },
  { name: 'handover', whole: true, phrases: ['humano', 'operador', 'operadora', 'pessoa', 'funcionário', 'atendente', 'assistente', 'human', 'operator', 'agent', 'person', 'humain', 'conseiller', 'opérateur', 'persona', 'agente', 'alguém', 'atendimento', 'quero ser atendido/atendida', 'falar com vocês'] },
  {
    name: 'robot',
    small: 4,
    phrases: ['és/é/es/você-é/sois/são um/uma robô/robot/bot/máquina/robo/computador/humano/pessoa/automático/programa', 'estou a falar com/falando robô/robot/bot/máquina/robo/pessoa/humano', 'falo com robô/robot/bot/máquina/humano/pessoa', 'isto/isso é automático/automática/robô/robot/bot/máquina', 'és/é humano/real/verdadeiro', 'quem és/é tu/você', 'inteligência artificial', 'chatgpt', 'are you robot/bot/human/real/machine/person', 'am i talking robot/bot/human', 'eres un robot/humano/persona/bot', 'êtes/es vous/tu/un robot/humain'],
  },
  {
    name: 'insult',
    exact: true,
    small: 6,
    phrases: ['merda', 'burro/burra', 'estúpido/estúpida', 'idiota/idiotas', 'imbecil', 'palhaço/palhaços/palhaçada', 'puta', 'caralho', 'foda-se', 'fodase', 'fodam-se', 'vai-te foder', 'filho da puta/mãe', 'cabrão/cabrões', 'porcaria', 'não prestas/presta/prestam', 'inútil/inúteis', 'vai à merda', 'incompetentes/incompetente', 'ladrões/gatunos/corruptos', 'otário', 'pqp', 'vtf', 'fdp', 'trouxa', 'lixo de serviço/bot', 'shit', 'fuck/fucking', 'stupid', 'idiot', 'useless', 'asshole', 'mierda', 'estúpido', 'gilipollas', 'cabrón', 'merde', 'connard', 'imbécile', 'nul'],
  },
  {
    name: 'no',
    exact: true,
    whole: true,
    phrases: ['não', 'nao', 'nop', 'nope', 'não não', 'não quero', 'claro que não', 'não é isso', 'não era isso', 'não é nada disso', 'nada disso', 'errado', 'negativo', 'nunca', 'não concordo', 'não aceito', 'não ajudou', 'não serviu', 'não resolveu', 'de maneira nenhuma', 'nem pensar', 'ainda não', 'não está/esta certo/correto/bem', 'incorreto', 'no', 'not really', 'no thanks', 'wrong', 'non', 'pas du tout', 'para nada'],
  },
  {
    name: 'yes',
    exact: true,
    whole: true,
    phrases: ['sim', 'claro', 'claro que sim', 'sim sim', 'isso', 'isso mesmo', 'é isso', 'exato', 'exatamente', 'certo', 'correto', 'confirmo', 'confirmado', 'está/esta certo/correto/bem', 'com certeza', 'pode ser', 'aceito', 'concordo', 'sim quero', 'sim pode', 'afirmativo', 'positivo', 'ya', 'yah', 'yap', 'yep', 'uhum', 'beleza', 'ajudou', 'sim ajudou', 'resolveu', 'sim confirmo', 'ss', 'yes', 'yeah', 'sure', 'of course', 'correct', 'sí', 'si', 'vale', 'claro que sí', 'oui', "d'accord", 'bien sûr', 'ouais', 'perfeito', 'é mesmo isso', 'força'],
  },
  {
    name: 'thanks',
    beside: 0,
    small: 5,
    phrases: ['obrigado/obrigada/agradeço/thanks pela/pelo/a/o/for atenção/informação/esclarecimento/esclarecimentos/rapidez/disponibilidade/simpatia/resposta/paciência/informações/tempo/colaboração/cuidado/gentileza', 'obrigado', 'obrigada', 'obrigadíssimo', 'obrigadinho/obrigadinha', 'muito/mt obrigado/obrigada', 'agradeço', 'agradecido/agradecida', 'muito grato/grata', 'grato/grata', 'bem haja', 'bem hajam', 'valeu', 'obrigados', 'thanks', 'thank you', 'thx', 'ty', 'cheers', 'gracias', 'muchas gracias', 'merci', 'merci beaucoup', 'ajudou muito/imenso/bastante', 'foi uma grande ajuda', 'ficou esclarecido/tudo-claro', 'era só isso', 'era isso', 'é tudo'],
  },
  {
    name: 'cancel',
    whole: true,
    phrases: ['cancelar', 'cancela', 'cancele', 'cancelem', 'anular', 'anula', 'desistir', 'desisto', 'deixa estar', 'deixe estar', 'deixa lá', 'esquece', 'esqueça', 'esquecer', 'já não quero', 'já não é preciso', 'não quero continuar', 'mudei de ideias', 'cancelar pedido/tudo/isto/formulário', 'abortar', 'cancel', 'never mind', 'forget it', 'cancelar todo', 'olvídalo', 'déjalo', 'annuler', 'laisse tomber', 'quero cancelar', 'quero desistir'],
  },
  { name: 'back', whole: true, phrases: ['voltar', 'voltar atrás', 'volta atrás', 'para trás', 'atrás', 'anterior', 'recuar', 'corrigir', 'passo anterior', 'pergunta anterior', 'voltar à anterior', 'enganei-me', 'back', 'go back', 'previous', 'volver', 'atrás', 'retour', 'précédent'] },
  {
    name: 'menu',
    beside: 0,
    small: 3,
    phrases: ['menu', 'menú', 'menu principal', 'voltar/volta/volte/regressar/ir início/princípio/começo/menu', 'início', 'inicio', 'começar/começa/comecemos de novo/início', 'recomeçar', 'recomeça', 'ajuda', 'ajude-me', 'ajudem-me', 'opções', 'opção', 'outras opções', 'ver/mostrar/mostra/quais opções/assuntos/temas/serviços', 'lista de opções/assuntos', 'que/quais serviços/assuntos têm/tem/há/existem', 'o que podes/pode/sabes/sabe/consegues fazer', 'em que me podes/pode ajudar', 'como funciona isto', 'como é que isto funciona', 'não sei o que fazer', 'preciso de ajuda', 'pode/podem ajudar-me', 'help', 'main menu', 'start over', 'options', 'what can you do', 'home', 'start', 'ayuda', 'opciones', 'menú principal', 'inicio', 'aide', 'accueil', 'options', 'recommencer'],
  },
  { name: 'bye', exact: true, beside: 0, small: 4, phrases: ['adeus', 'até logo', 'até já', 'até amanhã', 'até à próxima', 'até breve', 'até depois', 'até mais', 'até segunda', 'tchau', 'xau', 'chau', 'fique bem', 'fiquem bem', 'boa continuação', 'bom fim de semana', 'bom fim semana', 'um abraço', 'beijinhos', 'cumprimentos', 'com os melhores cumprimentos', 'falou', 'bye', 'goodbye', 'see you', 'bye bye', 'adiós', 'hasta luego', 'hasta pronto', 'au revoir', 'à bientôt', 'ciao', 'bom descanso', 'resto de bom dia', 'bom resto de dia', 'continuação de bom dia/boa-tarde', 'tenha/tenham um bom dia'] },
  { name: 'greet', beside: 0, small: 4, phrases: ['olá', 'ola', 'oi', 'oie', 'oii', 'boas', 'bom dia', 'boa tarde', 'boa noite', 'bons dias', 'boas tardes', 'boas noites', 'viva', 'ora viva', 'alô', 'alo', 'está lá', 'hey', 'hei', 'ei', 'eai', 'e aí', 'hello', 'hi', 'tudo bem', 'tudo bom', 'como está/vai/estão', 'como está', 'como vai', 'tá tudo', 'good morning/afternoon/evening', 'hola', 'buenas', 'buenos días', 'buenas tardes/noches', 'qué tal', 'bonjour', 'bonsoir', 'salut', 'coucou', 'bon après-midi', 'saudações', 'yo'] },
]
