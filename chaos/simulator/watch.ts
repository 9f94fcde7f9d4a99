/** Triggers that write down every step of a delivery and of a conversation: what the end alone would not show. */

export const watchers = `
create table watched_delivery (id bigserial primary key, channel_id text, message_id bigint, was text, state text, was_attempt int, attempt int);
create function watch_delivery() returns trigger language plpgsql as $$ begin
  insert into watched_delivery (channel_id, message_id, was, state, was_attempt, attempt)
  values (new.channel_id, new.message_id, old.state, new.state, old.attempt, new.attempt);
  return null;
end $$;
create trigger watched after update on delivery for each row
  when (old.state is distinct from new.state or old.attempt is distinct from new.attempt) execute function watch_delivery();

create table watched_conversation (
  id bigserial primary key, channel_id text, conversation_id bigint, was text, state text, was_seq int, seq int, was_version int, version int);
create function watch_conversation() returns trigger language plpgsql as $$ begin
  insert into watched_conversation (channel_id, conversation_id, was, state, was_seq, seq, was_version, version)
  values (new.channel_id, new.id, old.state, new.state, old.last_seq, new.last_seq, old.version, new.version);
  return null;
end $$;
create trigger watched after update on conversation for each row execute function watch_conversation();
create index on watched_delivery (channel_id);
create index on watched_conversation (channel_id);
`
