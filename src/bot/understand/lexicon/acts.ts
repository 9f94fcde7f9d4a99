/**
 * What people want done, beside the thing it is done to: to end a contract is not to begin one. Written like `concepts.ts`.
 *
 * Of what a citizen writes, only wishes count: «alugar» and «alugo», not «aluguei», which tells how things came about; so the forms stand here one by one.
 * An answer has the acts of its own phrases, in whatever form. «Pagar», «pedir», «marcar», «inscrever» are no acts here: they go with nearly everything.
 */

export const acts = `
end: cancelar cancelo cancelamento anular anulo anulação rescindir rescindo rescisão terminar encerrar encerramento desistir desisto desistência
  desativar cessar abdicar prescindir revogar desinscrever desmarcar dar_=baixa dou_=baixa denunciar_=contrato acabar_com_aquele acabar_com_isto
  acabar_com_o_contrato terminar_o_contrato fechar_o_contrato fechar_a_conta desligar_de_vez desligar_definitivamente já_não_quero já_não_preciso
  já_não_precisamos já_não_queremos não_quero_mais não_preciso_mais não_precisamos_mais não_queremos_mais tirar_meu_nome tirar_nome_da_lista
  sair_da_lista fechar_o_meu fechar_a_minha fechar_o_negócio fechar_a_loja fechar_a_atividade cortar_de_vez deixar_de_receber
refund: reembolso reembolsar devolver devolução devolvam devolvem devolverem devolvessem restituir restituição restituam estorno reaver
  dinheiro_de_volta receber_de_volta =taxas_de_volta de_volta_o_dinheiro paguei_=duas_vezes pago_=duas_vezes =duas_vezes_a_mesma paguei_a_mais
  cobraram_a_mais tirado_a_mais cobrado_a_mais descontaram_a_mais
complain: reclamar reclamo reclamação queixa queixas queixar-me denunciar denuncio denúncia livro_de_reclamações fazer_queixa apresentar_queixa
  faço_queixa quem_fiscaliza mandar_fiscalizar ninguém_fiscaliza protestar
object: contestar contesto contestação recorrer recurso impugnar impugnação me_defendo defender-me segunda_avaliação nova_avaliação rever_a_avaliação
  reavaliação reavaliar
compensation: indemnizar indemnização indenização indemnizado indemnizada indenizado ressarcir ressarcimento ressarcido prejuízo prejuízos
  quem_me_paga_o quem_paga_o_conserto quem_paga_o_arranjo quem_paga_os_estragos pagar_os_danos pagam_os_danos pelos_danos pelos_estragos
  seguro_da_câmara
praise: elogiar elogio elogios foi_exemplar muito_simpática_comigo dar_os_parabéns felicitar só_para_agradecer
suggest: sugerir sugestão sugiro sugestões propor proponho proposta_de ponham_mais pôr_mais_um pusessem deviam_pôr podiam_pôr vocês_podem_botar
  botar_um_quebra
sell: vender vendo vendem_se venda
buy: comprar compro compra adquirir aquisição compram
rent: alugar alugo aluguer aluguel aluga alugam alugamos
work: trabalhar emprego empregos concorrer concorro currículo currículos recrutamento recrutar estágio estagiar =ser_professor =ser_professora
  ser_bombeiro =ser_homem_do contratados contratar_pessoal contratando oferta_de_trabalho à_procura_de_trabalho procuro_trabalho voluntariado
  voluntário prestar_serviço prestar_serviços quanto_ganha
donate: doar doo doação doações ofereço
correct: corrigir corrijo correção retificar retifico retificação veio_com_erro com_um_erro enganaram-se me_enganei engano_na estava_errada
  estava_errado está_errada está_errado
status: ponto_de_situação em_que_pé estado_do_processo estado_do_pedido andamento_do ninguém_diz_nada ninguém_me_diz_nada sem_resposta
  ainda_não_recebi_resposta ainda_não_tive_resposta ainda_não_responderam nunca_mais_responderam já_foi_aprovado já_está_aprovado já_está_pronto
  até_hoje_nada à_espera_há
remove: remover remoção retirar retirem retirada mandar_tirar mandassem_tirar manda_tirar quero_tirar_o tirem_dali mudem_para mudar_de_sítio
  mudar_de_lugar mudar_para_outro_lado
demolish: demolir demolição deitar_abaixo
found_thing: perdidos_e_achados achados_e_perdidos esqueci-me_do esqueci-me_da esqueci_minha esqueci_meu
exchange: trocar troco troca substituir substituição
tickets: bilhete bilhetes ingresso ingressos cartaz_das_festas cartaz_da_festa que_bandas
build: construir construção fazer_uma_piscina
hire: contratar
transfer: transferir transfiro transferência passar_para_outro mudar_para_outro
`
