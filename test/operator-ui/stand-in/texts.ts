/** What people write to a town hall, and what it answers. */

export interface Subject { department: string; topic: string; subject: string; asks: string[]; answers: string[]; tags: string[] }

export const subjects: Subject[] = [
  {
    department: 'aguas', topic: 'Água', subject: 'Fatura de outubro', tags: ['faturação'],
    asks: ['Bom dia, a fatura deste mês veio muito mais alta do que o costume. Podem confirmar a leitura?', 'Somos só dois em casa e vieram 34 m³, não pode ser.', 'O contador marca 1 284. Mando fotografia.'],
    answers: ['Bom dia. Vou confirmar a leitura com o serviço de águas.', 'A leitura foi estimada. Com o valor que nos enviou, a fatura será corrigida e recebe a nova por e-mail.'],
  },
  {
    department: 'aguas', topic: 'Água', subject: 'Falta de água na Rua do Outeiro', tags: ['avaria', 'urgente'],
    asks: ['Boa tarde, não temos água desde as 7 da manhã na Rua do Outeiro. Há alguma previsão?', 'Tenho uma pessoa acamada em casa, preciso mesmo de saber.', 'Obrigada, fico a aguardar.'],
    answers: ['Houve uma rotura na conduta. A equipa está no local e prevê repor a água até às 16 horas.', 'Enviámos um autotanque para a praça, junto à igreja. Se precisar de entrega em casa, diga-nos a morada.'],
  },
  {
    department: 'urbanismo', topic: 'Licenças', subject: 'Licença para obras na fachada', tags: ['licenciamento'],
    asks: ['Quero pintar e arranjar a fachada da minha casa no centro histórico. Preciso de licença?', 'A casa fica no Largo do Pelourinho, n.º 12.', 'E quanto tempo demora a resposta?'],
    answers: ['No centro histórico é preciso comunicação prévia. Envio a ligação do formulário.', 'O prazo é de 20 dias úteis. Pode acompanhar o processo com a referência desta conversa.'],
  },
  {
    department: 'ambiente', topic: 'Resíduos', subject: 'Recolha de um sofá velho', tags: ['monos'],
    asks: ['Como faço para levarem um sofá e um frigorífico velho?', 'Moro na Travessa da Fonte, n.º 8, 2.º esq.', 'Pode ser na próxima quarta.'],
    answers: ['A recolha é gratuita. Qual é a morada?', 'Fica marcado para quarta-feira de manhã. Deixe à porta do prédio na véspera, depois das 20 horas.'],
  },
  {
    department: 'ambiente', topic: 'Espaço público', subject: 'Candeeiro apagado', tags: ['iluminação'],
    asks: ['O candeeiro em frente à escola está apagado há duas semanas, as crianças saem às escuras.', 'É o terceiro poste a contar da rotunda.', 'Muito obrigado pela rapidez!'],
    answers: ['Obrigado pelo aviso. Registámos a avaria e a equipa passa esta semana.', 'O candeeiro foi reparado hoje de manhã. Pode confirmar?'],
  },
  {
    department: 'social', topic: 'Apoio social', subject: 'Apoio à renda', tags: ['habitação'],
    asks: ['Boa tarde, gostava de saber se ainda posso candidatar-me ao apoio à renda.', 'Tenho dois filhos e fiquei desempregada em setembro.', 'Que documentos tenho de levar?'],
    answers: ['As candidaturas estão abertas até ao fim do mês. Posso marcar-lhe um atendimento com a técnica.', 'Traga o cartão de cidadão, o contrato de arrendamento e o último recibo. Fica marcado para segunda-feira às 10 horas.'],
  },
  {
    department: 'geral', topic: 'Atendimento', subject: 'Atestado de residência', tags: [],
    asks: ['Preciso de um atestado de residência para a escola da minha filha, onde peço?', 'E dá para tratar por aqui ou tenho de ir aí?', 'Perfeito, obrigada!'],
    answers: ['O atestado é passado pela junta de freguesia. Qual é a sua?', 'Pode pedi-lo em linha; enviamos o contacto da junta.'],
  },
  {
    department: 'geral', topic: 'Trânsito', subject: 'Cartão de residente', tags: ['estacionamento'],
    asks: ['Mudei de carro. Como atualizo o cartão de residente para estacionar?', 'A matrícula nova é AB-12-CD.', 'Já paguei, envio o comprovativo.'],
    answers: ['Envie-nos por favor o documento do carro novo.', 'O cartão já está atualizado. É válido até dezembro do próximo ano.'],
  },
]

export const english = {
  subject: 'Water contract',
  asks: ['Hello, we have just moved to the village. How do we get a water contract?', 'Do I need a Portuguese tax number for it?', 'Great, thank you very much!'],
  answers: ['Welcome! You can ask for it online; I am sending you the link.', 'Yes, a NIF and a proof of address. You can bring both to the counter any weekday.'],
}

export const firstNames = ['Maria', 'João', 'Ana', 'António', 'Beatriz', 'Carlos', 'Catarina', 'Diogo', 'Eduarda', 'Fernando', 'Graça', 'Henrique', 'Inês', 'Joaquim', 'Leonor', 'Luís', 'Margarida', 'Miguel', 'Natália', 'Olívia', 'Pedro', 'Rosa', 'Sérgio', 'Teresa', 'Vítor', 'Zulmira']
export const lastNames = ['Almeida', 'Antunes', 'Barbosa', 'Brito', 'Cardoso', 'Conceição', 'Esteves', 'Ferreira', 'Gonçalves', 'Lourenço', 'Magalhães', 'Marques', 'Mendonça', 'Monteiro', 'Neves', 'Pacheco', 'Pereira', 'Queirós', 'Ramalho', 'Santos', 'Simões', 'Teixeira', 'Vasconcelos', 'Xavier']

export const botAsks = 'Bom dia! Sou o assistente do Município de Vale Formoso. Em que posso ajudar?'
export const botHandsOff = 'Vou passar a conversa a um colega do serviço. Obrigado por esperar.'
