/** How operators reacted to what citizens wrote. */

export const sql010 = `
-- One a message: at the vendor the town is one person. It goes with its message, also where an earlier version forgets that.
create table our_reaction (
  message_id bigint primary key references message on delete cascade,
  operator_id text not null,
  emoji text not null,
  at timestamptz not null default now()
);
`
