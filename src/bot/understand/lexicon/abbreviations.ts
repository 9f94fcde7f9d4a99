/** How people shorten words in messages, in Portugal and in Brazil. Folded: no accents, lower case. */

const list = `
q=que k=que ke=que qe=que kê=que qd=quando qdo=quando qnd=quando qndo=quando kd=quando kuando=quando kdo=quando
qt=quanto qto=quanto qnt=quanto qnto=quanto kanto=quanto qts=quantos qtos=quantos qta=quanta qtas=quantas ql=qual kual=qual kal=qual qm=quem kem=quem
kero=quero qro=quero qr=quero qero=quero keria=queria qria=queria krer=querer ker=quer
p=para pa=para pra=para pras=para pro=para pros=para c=com cm=como cmo=como km1=como kom=com kmo=como komo=como d=de
n=nao ñ=nao naum=nao nn=nao s=sem so=so sp=sempre smp=sempre pq=porque pk=porque pkê=porque porq=porque prq=porque prk=porque pke=porque
tb=tambem tbm=tambem tbem=tambem tmb=tambem tmbm=tambem hj=hoje oje=hoje amnh=amanha amha=amanha amh=amanha ontm=ontem
bd=bom_dia bdia=bom_dia bt=boa_tarde btarde=boa_tarde bn=boa_noite bnoite=boa_noite
tnh=tenho tnho=tenho tenhu=tenho tou=estou to=estou tamos=estamos tas=estas ta=esta tava=estava tavam=estavam
obg=obrigado obgd=obrigado obgda=obrigada obgdo=obrigado obrgd=obrigado obrg=obrigado brigado=obrigado brigada=obrigada brigadao=obrigado vlw=obrigado valeu=obrigado
pf=por_favor pff=por_favor pfv=por_favor pfvr=por_favor sff=por_favor sfv=por_favor sfavor=por_favor fvr=favor pvf=por_favor
td=tudo tds=todos tdo=tudo tda=toda mt=muito mto=muito mts=muitos mtos=muitos mta=muita mtas=muitas mm=mesmo msm=mesmo mxm=mesmo memo=mesmo
dps=depois dpois=depois dp=depois ond=onde aond=onde ondé=onde ode=onde dnd=donde axo=acho axei=achei aki=aqui aqi=aqui agr=agora agra=agora
vc=voce vcs=voces vce=voce cmg=comigo ctg=contigo nd=nada ngm=ninguem ning=ninguem alg=alguem algm=alguem qq=qualquer qlqr=qualquer qlq=qualquer kk=qualquer
msg=mensagem msgs=mensagens mens=mensagem tlm=telemovel tlmv=telemovel telm=telemovel tlmvl=telemovel tlf=telefone tel=telefone telf=telefone fone=telefone nr=numero nro=numero nmr=numero
fzr=fazer faxer=fazer fas=faz fx=faz pgr=pagar pg=pagar pgo=pago pgto=pagamento pagto=pagamento pgmt=pagamento rcbr=receber sbr=saber diser=dizer dzr=dizer
sab=sabado fds=fim_semana fimd=fim hr=hora hrs=horas h=horas oras=horas mnt=minuto ds=dias
info=informacao infos=informacoes inf=informacao doc=documento docs=documentos docum=documento insc=inscricao inscr=inscricao lic=licenca licc=licenca
apt=apartamento apto=apartamento cam=camara camra=camara freg=freguesia munic=municipio muni=municipio estac=estacionamento fat=fatura
mbw=mbway mb=multibanco refmb=multibanco pref=prefeitura cond=condominio
nt=noite manh=manha tard=tarde cfe=conforme ctz=certeza blz=beleza dsc=desculpe dsclp=desculpe
cê=voce ce=voce ocê=voce né=ne nao=nao eh=e ja=ja jah=ja ateh=ate soh=so tah=esta neh=ne
bjs=beijos bj=beijos abc=abraco abr=abraco cps=cumprimentos cumps=cumprimentos cump=cumprimentos att=atenciosamente
vzs=vezes vx=vez vz=vez pls=por_favor plz=por_favor help=ajuda tx=taxa resp=resposta asap=urgente urg=urgente
func=funcionario endrc=endereco cep=codigo_postal cert=certidao aut=autorizacao autoriz=autorizacao
trab=trabalho esc=escola transp=transporte bibl=biblioteca cemit=cemiterio cand=candidatura aniv=aniversario
dto=direito esq=esquerdo prox=proximo proxs=proximos pross=proximo concel=concelho distr=distrito
ppl=pessoal mxer=mexer xamar=chamar xave=chave xegar=chegar xeio=cheio baxo=baixo kaxa=caixa kaza=casa kasa=casa kontador=contador kontrato=contrato konta=conta
mlhr=melhor mlr=melhor mnh=minha mha=minha mh=minha minhs=minhas m=meu mê=meu
ksa=casa ksas=casas vdd=verdade xip=chip xips=chips fexa=fecha fexam=fecham fexado=fechado xuva=chuva biblio=biblioteca facul=faculdade presid=presidente contad=contador
kria=queria kriamos=queriamos kto=quanto kais=quais xamo=chamo lixeir=lixeiro jan=janeiro fev=fevereiro agt=agosto dez=dezembro apê=apartamento frigo=frigorifico
tmp=tempo grt=gratis pde=pode pd=pode pdr=poder psso=posso posu=posso podm=podem
kt=quanto qem=quem qer=quer qeria=queria qeriamos=queriamos tao=estao x=vez 1x=uma_vez 2x=duas_vezes 1a=uma 1s=uns 1as=umas ng=ninguem algem=alguem
amg=amigo amgs=amigos fikei=fiquei fikar=ficar fika=fica xeirar=cheirar xeira=cheira xeiro=cheiro onte=ontem fexada=fechada fexar=fechar otro=outro
otra=outra aprovdo=aprovado algma=alguma algmas=algumas algms=alguns nunk=nunca smpre=sempre enkontro=encontro perciso=preciso precizo=preciso
presiso=preciso presizo=preciso qnts=quantos qdos=quando difrente=diferente pesso=peço licensa=licenca lisensa=licenca tlfne=telefone
apartmt=apartamento gratix=gratis agend=agendar marcaçao=marcacao atend=atendimento fnc=funciona hsptl=hospital mnhs=minhas axas=achas axa=acha
dxar=deixar dxo=deixo deixr=deixar pdem=podem podms=podemos vms=vamos vcx=voces
`

const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}+/gu, '')

export const abbreviations: ReadonlyMap<string, readonly string[]> = new Map(
  list
    .split(/\s+/)
    .filter((entry) => entry.includes('='))
    .map((entry) => entry.split('=') as [string, string])
    .map(([short, long]) => [folded(short), long.split('_').filter((word) => word !== '')] as const)
    .filter(([short, long]) => long.join(' ') !== short),
)
