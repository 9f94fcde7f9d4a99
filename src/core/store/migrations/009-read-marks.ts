/** Up to where the citizen's channel was told that an operator has read. */

export const sql009 = `
alter table thread add column read_message_id bigint;
`
