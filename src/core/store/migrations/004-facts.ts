/** One row of facts a conversation, worked out again from its activity whenever it changes: reports read nothing else. */

export const sql004 = `
create table conversation_fact (
  conversation_id bigint primary key references conversation,
  channel_id text not null,
  department_id text,
  operator_id text,
  topic text,
  language text not null,
  opened_at timestamptz not null,
  handed_at timestamptz,
  closed_at timestamptz,
  -- Milliseconds, on the clock and in the department's open hours; null: it has not happened.
  first_response_ms bigint,
  first_response_open_ms bigint,
  wait_ms bigint,
  wait_open_ms bigint,
  handling_ms bigint,
  resolution_ms bigint,
  resolution_open_ms bigint,
  messages_in integer not null,
  messages_bot integer not null,
  messages_operator integer not null,
  bot_answers integer not null,
  bot_misses integer not null,
  bot_alone boolean not null,
  helpful integer not null,
  unhelpful integer not null,
  reopened integer not null,
  moved integer not null,
  score integer,
  call_score integer,
  calls_asked integer not null,
  calls_taken integer not null,
  calls_missed integer not null,
  call_ms bigint not null,
  failed integer not null,
  unknown integer not null,
  computed_at timestamptz not null default now()
);
create index conversation_fact_opened on conversation_fact (opened_at);
create index conversation_fact_closed on conversation_fact (closed_at) where closed_at is not null;
-- Of ranges, not of rows: an update that changes nothing else that is indexed stays in its page.
create index conversation_changed on conversation using brin (changed_at) with (pages_per_range = 16, autosummarize = on);
`
