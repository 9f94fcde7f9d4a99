/** Everyday words that are spelt right and mean nothing to a town hall: kept from being «repaired» into words that do. */

export const everyday: readonly string[] = `
abraço acesso acidente ações açúcar adulto agosto abril março maio junho julho setembro outubro novembro dezembro janeiro fevereiro segunda terça
quarta quinta sexta sábado domingo
alegria além alto alta altura amarelo amigo amizade amor antigo antiga apelido aposto arte aviso azul banho barba barco barriga base batata beleza
boca bola bolo bolso braço branco brincadeira cabeça cabelo café caixa calor calma cama camisa campo canção caneta cansado cansada cantar capital cara
carne carta cartas cedo cem centro cérebro certo céu chá chão chave chefe cheio chuva cinco cinema cinza classe clima colega coluna comando companhia
completo computador comum conhecer conhecido conjunto conselho contar contente conversa coração corpo correr correto costas costume cozinha crescer
cuidado cultura curto curso data dedo defeito dente dentro deputado descanso desenho destino devagar diferente digno dinheiro direto discurso
distância doce doença dono dor dúvida económico efeito emprego empregado empresa energia ensinar entender entrada erro errado escolha escrever escrito
escritório esforço espaço especial espécie espírito estado estranho estrela estudo europa exame exemplo exercício existir experiência fábrica fala
falta fama fato febre feio feliz ferro festa figura fila filme final fino física flor força forte fraco francês frango frio fruta fundo futebol futuro
galinha ganhar garganta garrafa gastar geral gesto gordo gosto governo graça grupo guerra guarda história homem honra hospital humano igreja igual
ilha imagem importante importância inglês inteiro interesse inverno isolado jantar janela jogo jogar jornal jovem justo lado lágrima lavar legume
leite lembrança lento leve liberdade lição limpo língua linha lista livre loiça longe louco lua lugar luta luz maior mala mandar mar marca massa matar
matéria médico medo medida meia melhor membro memória mente mentira mercado mesa metade metro milhão ministro minuto missa mistério moda moeda
montanha morte motor mudança mulher mundo música namorado nariz nascer natal natural negócio nervoso ninguém nível nome normal norte nota notícia
novela obrigação ódio olho ombro opinião oportunidade ordem orelha ouro ovo padre paixão palavra pão parede parente partido paz peça pedra peito peixe
pele pena pensamento perder perfeito perigo perna personagem peso pessoal piada piano pobre poder poema polícia política ponte ponto porta posição
possível povo prato prazer preto primavera príncipe prisão produto professor programa promessa próximo público quadro quarto quente querido química
raça rádio raiz rápido rato razão real rei reino religião relógio resposta resto resultado rico rio riso rosto roupa sala sangue santo século sede
segredo seguinte seguro semana senso ser série sério silêncio simples sinal sistema sol solução sombra sonho sono sorte sul susto tamanho tapete tarde
teatro telefone televisão tempo terra teste texto tinta tipo total trabalho tranquilo treino triste troca umbigo único universo uso útil vaca valor
vazio velocidade vento verão verde verdade vermelho vestido viagem vida vinho violência visita vista vitória vizinho voz zero
anos atual atualmente aceitar acompanhar aconselhar acordar adorar agradecer ajudar alguma almoçar amanhã apanhar aparecer aprender apresentar assinar
assistir atender atravessar aumentar avisar baixar bater beber brincar buscar cair calar caminhar cantar chegar chorar começar comer comprar concluir
concordar confirmar conhecer considerar construir consultar contar contratar controlar conversar convidar cortar crer criar cumprir curar decidir
defender demorar depender descer descobrir desejar destruir dirigir discutir dividir dormir duvidar encher ensinar entender entregar enviar errar
escolher esconder escrever escutar esquecer estudar evitar existir explicar falhar faltar fechar ferir fugir fumar funcionar ganhar gastar gritar
guardar imaginar impedir incluir insistir jantar jogar julgar juntar lavar lembrar ler levantar limpar lutar mandar matar melhorar mentir morrer
mostrar mudar nascer negar obrigar ocupar odiar oferecer olhar ouvir parar partir passar pedir pensar perceber perder perguntar permitir pertencer
pintar poupar preferir preparar procurar prometer provar puxar quebrar queimar receber recordar recusar reparar repetir resolver responder rezar rir
roubar saltar seguir sentar sentir servir sofrer soltar sonhar subir sugerir surgir tapar temer terminar tirar tocar tomar torcer trabalhar traduzir
trazer trocar unir valer vestir viajar virar visitar viver voar votar
cansaço antecipadamente incómodo diversos vários várias diferentes respetivo respetiva efetivamente infelizmente felizmente realmente normalmente
geralmente simplesmente provavelmente imediatamente urgentemente ultimamente recentemente finalmente principalmente
bengala muletas cataratas diabetes coxo surdo cego operada operado joelho anca tensão consulta enfermeira farmácia receita comprimidos hospital lar
missa paróquia senhor padre terço netinho netinha bisneto bisneta afilhado padrinho madrinha genro compadre comadre defunto saudoso falecida emigrante
frança suíça luxemburgo alemanha brasil angola estrangeiro lisboa porto braga coimbra faro évora aveiro leiria viseu guarda bragança setúbal santarém
portalegre
acaso acrescentar acrescento adorei amigas anjos aperta apertar arrancar arranco assar assei atenta avança aveia aviaria aérea baste berço borda
botão brasas brechas cabe cabra cadeia cadeias caldeira caldeiras camarão camionista cansa cansar cansei canso carga cargo cargos carla carvalheira
casca cascas casta castas cauda causada causado causar causei cento cesta cestas cheia choque chova chove cinto citei condição consta constar consto
constrói contadora contra corre correu corro cosia crave creia crença crenças cres cresci crise crises cruz cubra cume cumpri curadas curaram
decorar derreto descascar desce desceram desci despesa despeço desvia desviam desça desço devida devidas disfarçar doesse emenda enfiar enfie enfio
entalar entalo escolta escoltas escudo esmolas espantada estafa estima estimada estimado estorvar estorvou falha falhas fardo farinha farta fartura
fatia feitio fervia fervido fiado fiança ficha fiem figos figueira figueiras fims firma firme fixadas fixam fixar forja formado formal formam forme
fotos freira fresta frestas fronte gados gaita galhão gasta gastam gastaria gastava gasto gens gosta grade gratidão gratos gruta habitue habituei
habituo horta hortas houver houvo informal instante internada internado invento jarra jarro latão lavam lavarem lavei lavou lavrador lavrar lavre
lavro leiteiro leiteiros mangueira medes mereceria meses mexa mexer mimo misturado mitos montar monto moral mosto musca musicais musical mário mãos
média obtém orientado padrão palas pararia pareço parti passea passeada passeado passeam passear passearam passeem patroa pensada peras perca perco
perdoa perdoei perdoo pesaria pesca pescada pescado pescando pescar pesco pica picada picando picar pico picou pintor piorem planeou poisada poisado
poiso porcentagem porco porão pousada pouso prado prefere preferi prevê punho puxaram quilo ralha raspa rasto rastos receio receios receou regra
relha remaria respirado rezem ronda rondas rosas rumos régua salta salto salvado santa sarem sebes segue segui selva sermão servia serviam setas
sirva sofra sofro sogra sogros sonha subisse substituis sucos talha tarefa tarefas tenta termo termos tolos topo toras torco traga trago trava traça
trem tripa trono truta tumulto usando usei valha valho validado vapor vendi verso vesto viajem viemos viga vigas vinda viola viram visão vivi vogas
zelou ângulo ópera compor procedo proceder abri abriu crescida crescidas crescido crescidos andava mestre diálise teares
`.trim().split(/\s+/)
