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
  sair_da_lista fechar_o_meu fechar_a_minha fechar_o_negócio fechar_a_loja fechar_a_atividade cortar_de_vez deixar_de_receber encerrar_a_conta
  encerrar_a_minha_conta deixar_de_ser_cliente deixar_de_ser_eu fechar_a_água tirar_o_contador retirar_o_contador não_renovar terminar_com
  sair_do_contrato acabar_com_o_serviço não_queremos_continuar não_quero_continuar não_queria_continuar
refund: reembolso reembolsar devolver devolução devolvam devolvem devolverem devolvessem restituir restituição restituam estorno reaver
  dinheiro_de_volta receber_de_volta =taxas_de_volta de_volta_o_dinheiro paguei_=duas_vezes pago_=duas_vezes =duas_vezes_a_mesma paguei_a_mais
  cobraram_a_mais tirado_a_mais cobrado_a_mais descontaram_a_mais dinheiro_para_trás pagamento_em_duplicado paguei_em_duplicado paguei_em_dobro
  cobrado_=duas_vezes cobraram_=duas_vezes pago_a_dobrar devolver_o_que_paguei crédito_a_meu_favor
complain: reclamar reclamo reclamação queixa queixas queixar-me denunciar denuncio denúncia livro_de_reclamações fazer_queixa apresentar_queixa
  faço_queixa quem_fiscaliza mandar_fiscalizar ninguém_fiscaliza protestar mal_atendido mal_atendida atendeu_mal atendeu-me_mal atenderam-me_mal
  tratou_mal trataram-me_mal =malcriado =malcriada mal-educado mal-educada falta_de_respeito falta_de_educação denúncia_anónima =fiscalizar
  mandem_fiscal vir_a_fiscalização apresento_queixa
object: reclamar reclamo reclamação contestar contesto contestação recorrer recurso impugnar impugnação me_defendo defender-me segunda_avaliação
  nova_avaliação rever_a_avaliação reavaliação reavaliar
compensation: indemnizar indemnização indenização indemnizado indemnizada indenizado ressarcir ressarcimento ressarcido prejuízo prejuízos
  quem_paga_o_conserto quem_paga_o_=arranjo quem_paga_os_estragos pagar_os_danos pagam_os_danos pelos_danos pelos_estragos seguro_da_câmara
  algum_seguro o_seguro_paga seguro_cobre seguro_da_autarquia me_paga_o_=arranjo paga_o_=arranjo paga_o_conserto paga_os_estragos paga_o_prejuízo
  pagar_o_=arranjo pagar_o_conserto pagar_a_oficina conta_da_oficina fatura_da_oficina conta_do_mecânico responsabilizar quem_se_responsabiliza
  assumir_os_danos assumem_os_danos danos_no_carro estragos_no_carro
praise: elogiar elogio elogios foi_exemplar muito_simpática_comigo dar_os_parabéns felicitar só_para_agradecer
suggest: sugerir sugestão sugiro sugestões propor proponho proposta_de ponham_mais pusessem vocês_podem_botar botar_um_quebra ponham_um ponham_uma
  ponham_aqui punham_um punham_uma faz_falta_um faz_falta_uma fazia_falta_um fazia_falta_uma não_há_nenhum_perto precisávamos_de_um mais_um_poste
  mais_um_candeeiro mais_um_contentor mais_um_ecoponto mais_uma_paragem mais_uma_passadeira mais_candeeiros mais_contentores mais_postes
  contentor_novo contentor_do_lixo_novo novo_contentor falta_um_contentor nunca_houve_nenhum nunca_lá_houve instalassem instalem
  ecoponto_na_minha_rua ecoponto_mais_perto_de_casa
sell: vender vendo vendem_se venda
buy: comprar compro compra adquirir aquisição compram
rent: arrendar arrendo arrendamento alugar alugo aluguer aluguel aluga alugam alugamos
work: concorrer_a_um_lugar currículo currículos recrutamento recrutar estágio estagiar =ser_professor =ser_professora ser_bombeiro =ser_homem_do
  contratados contratar_pessoal contratando oferta_de_trabalho à_procura_de_trabalho procuro_trabalho voluntariado voluntário prestar_serviço
  prestar_serviços quanto_ganha precisam_de_pessoal estão_a_contratar estão_contratando vaga_de_emprego trabalhar_convosco trabalhar_aí
  estão_a_meter_gente metem_gente concurso_para abrir_concurso abrem_concurso vaga_para_trabalhar procuro_emprego quero_trabalhar queria_trabalhar
  gostava_de_trabalhar posso_trabalhar trabalhar_na_câmara trabalhar_para_a_câmara pedir_emprego arranjar_emprego precisam_de_alguém
donate: doar doo doação doações ofereço
correct: corrigir corrijo correção retificar retifico retificação veio_com_erro com_um_erro enganaram-se me_enganei engano_na estava_errada
  estava_errado está_errada está_errado emendar emendo emendem emendassem emendada isto_é_engano é_engano há_engano deve_haver_engano
  engano_com_certeza rever_a_conta rever_a_fatura refazer_a_conta
status: ponto_de_situação em_que_pé estado_do_processo estado_do_pedido andamento_do ninguém_diz_nada ninguém_me_diz_nada sem_resposta
  ainda_não_recebi_resposta ainda_não_tive_resposta ainda_não_responderam nunca_mais_responderam já_foi_aprovado já_está_aprovado já_está_pronto
  até_hoje_nada à_espera_há já_está_feito quando_é_que_me_respondem quando_respondem quando_me_respondem até_agora_nada continuo_à_espera
  ainda_estou_à_espera estou_à_espera_há como_anda_o_meu já_foi_deferido deferido indeferido saiu_o_resultado saíram_os_resultados
  resultados_da_candidatura resultado_da_candidatura lista_de_colocados lugar_na_lista em_que_lugar_estou
remove: =mudem_para remover remoção retirada mandar_tirar mandassem_tirar manda_tirar tirem_dali mudar_de_sítio mudar_de_lugar
  mudar_para_outro_lado mudar_o_contador mudar_o_poste mudar_o_contentor mudar_a_paragem para_o_lado_de_fora tirar_daqui tirem_daqui tirassem_daqui
  tirar_da_frente tirar_dali tirassem_dali mudar_daqui pôr_noutro_sítio noutro_lugar noutro_sítio
demolish: demolir demolição deitar_abaixo
found_thing: perdidos_e_achados achados_e_perdidos esqueci-me_do esqueci-me_da esqueci_minha esqueci_meu encontrei_uma_carteira
  encontrei_um_telemóvel encontrei_umas_chaves achei_uma_carteira achei_umas_chaves achei_um_telemóvel perdi_as_chaves perdi_o_telemóvel
  perdi_os_óculos ficou_lá_esquecido ficou_aí_esquecido
exchange: substituir substituição trocar_o_contador trocar_o_contentor trocar_o_caixote trocar_a_data trocar_de_casa trocar_a_marcação
  trocar_de_horário trocar_o_lugar
tickets: bilhetes_para bilhete_para_o_concerto ingresso ingressos cartaz_das_festas cartaz_da_festa que_bandas
build: construir construção fazer_uma_piscina
hire: contratar
others: vizinho_está_a vizinho_=anda_a vizinho_construiu vizinho_fez_um vizinho_fez_uma vizinho_pôs vizinho_queima vizinhos_queimam vizinho_deita
  vizinhos_deitam vizinho_estaciona vizinho_faz vizinhos_fazem barulho_dos_vizinhos barulho_do_vizinho café_ocupa esplanada_ocupa
  ocupa_o_passeio_todo ocupam_o_passeio não_se_consegue_passar não_consigo_passar não_deixam_passar não_deixa_passar impedem_a_passagem
  tapa_a_passagem anda_a_construir está_a_construir estão_a_construir andam_a_construir anda_a_queimar estão_a_queimar andam_a_fazer_obras
  está_a_fazer_obras anda_a_fazer_obras sem_licença_nenhuma sem_placa_nenhuma às_escondidas ilegalmente obra_ilegal obras_ilegais =clandestina
  =clandestino obriga_a_limpar obrigá-lo obrigá-los quem_o_obriga
transfer: transferir transfiro transferência passar_para_outro mudar_para_outro
`
