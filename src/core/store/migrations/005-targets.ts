/** Until when a conversation is to be settled, and whether what was promised was kept. */

export const sql005 = `
-- Time asleep is not counted: what is left of the promise is worked out when it ends.
alter table conversation add column resolve_by timestamptz, add column asleep_since timestamptz;
create index conversation_due on conversation (least(due_at, resolve_by), id)
  where state in ('waiting', 'assigned') and (due_at is not null or resolve_by is not null);

alter table conversation_fact
  add column handling_open_ms bigint,
  -- null: nothing was promised, or it is not decided yet.
  add column answered_in_time boolean,
  add column resolved_in_time boolean;
-- Worked out again, for what is new here.
delete from setting where name = 'facts-watermark';
`
