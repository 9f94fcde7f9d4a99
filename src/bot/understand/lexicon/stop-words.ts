/** Words that say little about which answer is wanted, and how little. Folded; compared as written. */

/** Nothing at all. */
export const silent = set(`
a o as os um uma uns umas ao aos de do da dos das em no na nos nas num numa nuns numas por pelo pela pelos pelas com sem sob sobre entre ate desde
para perante
e ou mas nem porem contudo todavia entao logo pois porque porquanto que se caso embora enquanto quando como onde qual quais quem quanto quanta quantos
quantas cujo cuja
eu tu ele ela nos vos eles elas me te lhe lhes mim ti si comigo contigo consigo connosco conosco convosco voce voces senhor senhora senhores senhoras
sr sra srs sras dr dra exmo exma exmos exmas
meu minha meus minhas teu tua teus tuas seu sua seus suas nosso nossa nossos nossas vosso vossa vossos vossas dele dela deles delas
este esta estes estas esse essa esses essas aquele aquela aqueles aquelas isto isso aquilo neste nesta nestes nestas nesse nessa nesses nessas naquele
naquela deste desta destes destas desse dessa desses dessas daquele daquela disto disso daquilo nisto nisso aqui ai ali la ca aí acola algures
ser sou es e somos sao era eras eramos eram fui foi fomos foram seja sejam sera serao seria seriam sido sendo estar estou esta estamos estao estava
estavam estive esteve estiveram estado esteja estejam estando
ter tenho tens tem temos têm tinha tinhas tinhamos tinham tive teve tivemos tiveram tenha tenham tera terao teria teriam tido tendo tivesse tiver
haver ha havia houve haja hei havera
ir vou vais vai vamos vao ia ias iam indo ido va vir venho vens vem vimos vinha vinham veio vieram vindo viesse
fazer faco fazes faz fazemos fazem fiz fez fizemos fizeram fazia faziam faca facam fara farao faria feito feita feitos feitas fazendo fizer fizesse
poder posso podes pode podemos podem podia podiam pude pudesse possa possam poderia poderiam puder pudessem poderei
querer quero queres quer queremos querem queria querias queriamos queriam quis quiser quisesse quizer gostar gosto gostava gostaria gostavamos
gostariamos gostam
dever devo deves deve devemos devem devia deviam deveria precisar preciso precisas precisa precisamos precisam precisava precisavam necessito
necessita necessitava
saber sei sabes sabe sabemos sabem sabia souber soubesse soube conseguir consigo consegue conseguem consegui conseguimos conseguia
dizer digo diz dizem disse disseram diga digam dito dizia falar falo fala dar dou da dao deu deram dei desse dava ver vejo ve veem vi viu ver
nao sim ja ainda nunca jamais sempre tambem so somente apenas muito muita muitos muitas pouco pouca poucos poucas mais menos tao tanto tanta tantos
tantas bem mal bastante demais quase talvez algo alguem alguma algum alguns algumas nada ninguem nenhum nenhuma tudo todo toda todos todas cada outro
outra outros outras mesmo mesma mesmos mesmas proprio tal tais assim alias afinal agora depois antes
favor obrigado obrigada obrigados agradecido agradecida agradeco ola oi ei hey bom boa boas dia tarde noite cumprimentos atenciosamente atentamente
respeitosamente cordialmente melhores desde grato grata agradecimento desculpe desculpem desculpa desculpar perdao abraco abracos beijo beijos
beijinhos deus estimado estimados estimada caro caros cara prezado prezados excelencia excelentissimo digno dignissimo
dois duas tres quatro cinco seis sete oito nove dez onze doze vinte trinta cem mil etc tipo pronto portanto olhe olha veja bora pah pa ora enfim
dai daqui dali dela dele d l s t n m ne hein hum ah oh eh ok
`)

/** Courtesy, story, and words that stand in every question: a little. */
export const faint = set(`
camara municipio municipal concelho prefeitura servico servicos autarquia cidade vila terra aldeia freguesia bairro localidade zona sitio lugar local
lado parte perto longe frente
casa rua pessoa pessoas gente coisa coisas assunto situacao problema questao pergunta duvida caso forma maneira modo vez vezes favor exemplo motivo
razao causa respeito
ano anos mes meses semana semanas dia dias hora horas hoje amanha ontem momento tempo altura data manha tarde noite
pedir peco pede pedem pedi pedido solicitar solicito solicita requerer tratar trato tratamos trata obter arranjar conseguir comunicar comunico
informar informem informacao informacoes informe ajuda ajudar ajudem ajudar-me esclarecer esclarecimento indicar indiquem dirigir necessario
necessaria possivel preciso interessado saber
filho filha filhos filhas marido mulher esposa esposo mae pai avo avos neto neta netos netas irmao irma irmaos sogra sogro tia tio primo prima cunhado
cunhada nora genro sobrinho sobrinha amigo amiga colega vizinho vizinha vizinhos familia familiar menino menina miudo miuda rapaz rapariga moco moca
crianca criancas senhorita casal
idade velho velha novo nova novos novas grande pequeno pequena pequenos pequenas bonito certo certa certeza verdade vida
moro mora moram morar moramos vivo vive vivem viver vivemos vivo resido residente reside morador moradora moradores reformado reformada aposentado
aposentada pensionista viuvo viuva casado casada solteiro nome chamo chamar chama maria jose antonio manuel joao ana silva santos nascido nascida
nasci trabalho trabalha trabalhar trabalhei emprego
fica ficar fico ficou ficam ficava ficamos passado passada andar ando anda andam andei andou andava chegar cheguei chega chegou chegamos voltar voltei
volta levar leva levo levei levou pegar por ponho poe pus puseram botar boto bota meter meto mete meti colocar deixar deixo deixa deixou deixei usar
uso usa encontrar achar acho acha achei parecer parece pensar penso acontecer aconteceu acontece continuar continua comecar comecou comeca tentar
tentei tento sair sai saiu entrar entra entrei mandar mandei mandou mandaram enviar ouvir ouvi ouviu dizer lembrar esquecer esqueci resolver resolve
resolvido resolvam explicar explique sentir sinto estragar olhar esperar espero espera gastar aproveitar acabar acabou acabei
janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro segunda terca quarta quinta sexta sabado domingo fevereiro
tiro tira tiram bocado bocadinho pouquinho coisinha papel papelada papeis documento documentos coiso lata gente malta pessoal melhor pior facil dificil rapido rapida
urgente urgencia simples normal mau ma pessimo horrivel triste pena vergonha culpa direito obrigatorio obrigatoria via meio fim inicio principio cima
baixo dentro fora volta acordo conforme segundo relativamente relacao relativo
`)

function set(list: string): ReadonlySet<string> {
  return new Set(list.normalize('NFKD').replace(/\p{M}+/gu, '').split(/\s+/).filter((word) => word !== ''))
}

const english = set('the a an of to in on at for from by with and or but if is are was were be been am do does did how what where when who which why can could should would will may must i you he she it we they my your his her its our their me him us them this that these those there here not no yes please thanks thank hello hi want need like know get have has had some any about into up out so as than then very just also')
const spanish = set('el la los las un una unos unas de del al a en por para con sin sobre y o pero si que como donde cuando quien cual cuanto es son era ser estar esta estan soy estoy hay tengo tiene tener hacer hago hace puedo puede poder quiero quiere querer necesito necesita debo debe yo tu el ella nosotros ustedes usted mi su sus mis me te se le lo nos no si muy mas menos ya por favor gracias hola buenos buenas dias tardes noches este esta esto ese esa eso aqui alli')
const french = set('le la les l un une des du de d au aux a en dans sur pour par avec sans et ou mais si que qui quoi comment quand quel quelle quels quelles est sont etait etre suis ai as avons avez ont avoir faire fais fait peux peut pouvoir veux veut vouloir dois doit je j tu il elle nous vous ils elles on mon ma mes ton son sa ses notre votre leur me m te t se s y ce c cette ces cela ca ne n pas non oui tres plus moins bonjour merci s il vous plait svp besoin ici combien')

export const silentIn = { pt: silent, en: english, es: spanish, fr: french } as const
