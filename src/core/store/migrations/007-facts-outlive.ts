/** Facts name nobody: they stay when a conversation is forgotten. */

export const sql007 = `
alter table conversation_fact drop constraint conversation_fact_conversation_id_fkey;
`
